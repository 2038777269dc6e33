import { expect, it } from 'vitest';
import { letTimePass } from '../silence.ts';
import type { Service } from '../system.ts';
import { type RunningConsole, startAgain } from './running-console.ts';

/** Several processes of query-api, as the picture of the system tells them. */
export function severalQueryApis(running: () => RunningConsole): void {
  it('shows each query-api, and misses one that died, until another is in its place', async () => {
    const { system, queryApi } = running();
    const elsewhere = { QUERY_API_PORT: '0', QUERY_API_OPERATIONS_PORT: '0' };
    const other = await system.start('query-api', { ...queryApi.more, ...elsewhere });
    const { page } = await running().as('olga', '#/ops');
    const main = page.getByRole('main');
    const box = ({ operationsUrl }: Service, says: string) =>
      main.getByRole('link').filter({ hasText: `${new URL(operationsUrl).host}${says}` });
    const trouble = main.getByRole('listitem').filter({ hasText: other.operationsUrl });
    await box(queryApi, 'up to date').waitFor();
    await box(other, 'up to date').waitFor();
    expect(await trouble.count()).toBe(0);
    await other.end('SIGKILL');
    await trouble.getByText('gives no answer').waitFor();
    await box(other, 'gives no answer').waitFor();
    await letTimePass(system.settings, other.operationsUrl);
    await trouble.getByText(/was not heard of for .*, and hasn’t said that it stops/).waitFor();
    await box(other, 'gone for').waitFor();
    expect(await page.getByText('All is well').count()).toBe(0);
    // The other one answers meanwhile, and is in no trouble.
    await box(queryApi, 'up to date').waitFor();
    await trouble.getByRole('link').click();
    const node = main.getByRole('row').filter({ hasText: other.operationsUrl });
    await node.getByText('gone', { exact: true }).waitFor();
    const again = await startAgain(system, other);
    await node.getByText('live', { exact: true }).waitFor();
    await node.getByText(/rankings\.g\d+/).waitFor();
    await page.getByRole('link', { name: 'Flow' }).click();
    await box(again, 'up to date').waitFor();
    expect(await trouble.count()).toBe(0);
    await again.end();
    await box(again, '').waitFor({ state: 'detached' });
    expect(await trouble.count()).toBe(0);
  });
}
