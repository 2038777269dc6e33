import { expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import type { RunningConsole } from './running-console.ts';

/** A replay worker that is gone, as the picture of the system tells it. */
export function missingWorker(running: () => RunningConsole): void {
  it('tells operators that no replay worker is there, until one is', async () => {
    const { page } = await running().as('olga', '#/ops');
    const main = page.getByRole('main');
    const works = main.getByRole('link', { name: /^replay-worker\s*does jobs$/ });
    const missing = main.getByRole('listitem').filter({ hasText: /No replay worker is there/ });
    await works.waitFor();
    expect(await missing.count()).toBe(0);
    await running().replayWorker.end('SIGKILL');
    await missing.getByText('jobs wait until one is').waitFor();
    await main.getByRole('link', { name: /^replay-worker\s*nobody does jobs$/ }).waitFor();
    expect(await page.getByText('All is well').count()).toBe(0);
    await running().restart('replayWorker');
    await missing.waitFor({ state: 'detached' });
    await works.waitFor();
    await until(
      async () => (await main.getByRole('link', { name: /^replay-worker/ }).count()) === 1,
    );
  });
}
