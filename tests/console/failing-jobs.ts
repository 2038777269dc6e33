import { expect, it } from 'vitest';
import { post } from './as-somebody.ts';
import { pace } from './killed-services.ts';
import type { RunningConsole } from './running-console.ts';

type Running = () => RunningConsole;
type Job = { jobId: string; act: string };

/** What operators see of a rebuild that fails while it runs. */
export function failingJobs(running: Running): void {
  it('see how far a rebuild is, and why it failed in place of that', async () => {
    const { page } = await running().as('olga', '#/ops/projections/rankings');
    const step = page.getByRole('listitem').filter({ hasText: 'From the first event' });
    const asked = page.waitForResponse(
      (answer) => answer.url().endsWith('/v1/ops/jobs/rebuild') && answer.ok(),
    );
    await page.getByLabel('Events a second at most').fill(`${await pace(running())}`);
    await page.getByRole('button', { name: 'Rebuild' }).click();
    const { jobId } = (await (await asked).json()) as Job;
    await step.getByRole('progressbar', { name: /: [1-9]\d? %$/ }).waitFor();
    expect(await step.textContent()).toMatch(/Events\d.*Rate[\d,.]+\/s.*Time left[\d.]+ s/);
    // As the worker says when it gives up.
    const outcome = 'The disk of the read models is full.';
    const path = `/v1/ops/jobs/${jobId}/end`;
    const worker = { user: 'worker', role: 'service' } as const;
    await post(running(), { ...worker, path, body: { succeeded: false, outcome } });
    await step.getByRole('alert').filter({ hasText: outcome }).waitFor();
    expect(await step.getByRole('progressbar').count()).toBe(0);
  });
}
