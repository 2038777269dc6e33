import { it } from 'vitest';
import type { RunningConsole } from './running-console.ts';

type Running = () => RunningConsole;
type Schema = { fields: object[] };

/** What operators see of schemas. */
export function schemaJourneys(running: Running): void {
  const type = 'VoteRetracted';

  it('check a schema before it is deployed', async () => {
    const { page } = await running().as('olga', `#/ops/schemas/${type}`);
    const text = page.getByLabel('An Avro schema, as JSON');
    const schema: Schema = JSON.parse(await text.inputValue());
    schema.fields.push({ name: 'why', type: 'string' });
    await text.fill(JSON.stringify(schema));
    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByText('The registry refuses it').waitFor();
    await page.getByRole('cell', { name: 'why', exact: true }).waitFor();
  });
}
