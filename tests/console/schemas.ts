import { expect, it } from 'vitest';
import { subjectOf } from '#kernel/codec/codec.ts';
import { until } from '#kernel/testing/until.ts';
import type { RunningConsole } from './running-console.ts';

type Running = () => RunningConsole;
type Field = { name: string; type: unknown; default?: unknown };
type Schema = { name: string; namespace: string; fields: Field[] };

const type = 'VoteRetracted';

/** What operators see of schemas. */
export function schemaJourneys(running: Running): void {
  it('see what each version of a schema changed, and check another one', async () => {
    const { page } = await running().as('olga', `#/ops/schemas/${type}`);
    const text = page.getByLabel('An Avro schema, as JSON');
    const version = (number: number) => page.getByRole('region', { name: `Version ${number}` });
    const { fields, ...schema }: Schema = JSON.parse(await text.inputValue());
    const first = fields.filter(({ name }) => ![added.name, renamed.name].includes(name));
    await register(running(), { ...schema, fields: [...first, added] });
    await register(running(), { ...schema, fields: [...first, renamed] });
    // Answers are kept for a moment.
    await until(async () => {
      await page.reload();
      await version(1).waitFor();
      return version(3).isVisible();
    });
    await version(3).getByText('newest').waitFor();
    expect(await version(1).getByText('newest').count()).toBe(0);
    const changesOf = (number: number) =>
      version(number).getByRole('region', { name: 'What changed' }).locator('tbody tr');
    const found = (pattern: RegExp) => expect.stringMatching(pattern);
    expect(await changesOf(2).allTextContents()).toEqual([found(/^becauseadded/)]);
    expect(await changesOf(3).allTextContents()).toEqual([
      ...[found(/^becauseremoved/), found(/^reasonadded.*string/)],
    ]);
    expect(await changesOf(1).count()).toBe(0);
    const required = { name: 'why', type: 'string' };
    await text.fill(JSON.stringify({ ...schema, fields: [...first, required] }));
    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByText('It would be refused').waitFor();
    await page.getByRole('cell', { name: 'why', exact: true }).waitFor();
    await text.fill('{bad');
    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByText('It is no JSON').waitFor();
    expect(await page.getByText('It has the same fields').count()).toBe(0);
    await page.route('**/check', (route) => route.fulfill({ status: 500, body: '' }));
    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByRole('main').getByRole('alert').waitFor();
  });
}

const added: Field = { name: 'because', type: 'string', default: '' };
const renamed: Field = { ...added, name: 'reason' };

/** Registers a version, as a deployment does. */
async function register({ system }: RunningConsole, schema: Schema): Promise<void> {
  const { SCHEMA_REGISTRY_URL: url, TOPIC_PREFIX: prefix = '' } = system.settings;
  const subject = encodeURIComponent(subjectOf(prefix, { context: 'ranking', schema }));
  const answer = await fetch(`${url}/subjects/${subject}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema: JSON.stringify({ type: 'record', ...schema }) }),
  });
  expect(answer.status, await answer.text()).toBe(200);
}
