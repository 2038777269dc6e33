import type { Page } from 'playwright-core';
import { until } from '#kernel/testing/until.ts';
import { button, strip } from '../browser.ts';
import type { Scenes } from './scenes.ts';

/** The pages that pictures are taken of, and what is done on them before. */

export type Shot = {
  name: string;
  user: 'alice' | 'sam' | 'olga';
  path: string;
  act?: (page: Page) => Promise<void>;
};

const visible = (page: Page) =>
  strip(page)
    .getByText(/visible after/)
    .waitFor();

/** Votes on the second film; if that was done in an earlier picture, takes the vote back. */
async function voteOnSecond(page: Page): Promise<void> {
  const likes = page.getByRole('region', { name: 'Ranking' }).getByRole('button', {
    name: /^Like /,
  });
  await likes.nth(1).click();
  await visible(page);
}

async function followOne(page: Page): Promise<void> {
  await button(page, 'The next one').click();
  const hops = page.getByRole('region', { name: 'Follow a command' });
  await hops
    .getByText(/seen after/)
    .first()
    .waitFor();
}

async function openJournal(page: Page): Promise<void> {
  await voteOnSecond(page);
  await button(page, 'What just happened').click();
}

async function find(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('dark');
  await page.getByRole('option').nth(1).waitFor();
}

async function openFirst(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Details of/ })
    .first()
    .click();
}

async function chooseEvent(page: Page): Promise<void> {
  const list = page.getByRole('listbox');
  await list.getByRole('option').first().waitFor();
  await list.press('PageUp');
}

async function cutSchema(page: Page): Promise<void> {
  const text = page.getByLabel('An Avro schema, as JSON');
  const schema = JSON.parse(await text.inputValue());
  schema.fields.push({ name: 'why', type: 'string' });
  await text.fill(JSON.stringify(schema, null, 2));
  await button(page, 'Check it').click();
  await page.getByText('It would be refused').waitFor();
}

export function shotsOf({ film, ticketId, correlation, moment }: Scenes): Shot[] {
  const alice = 'alice' as const;
  const olga = 'olga' as const;
  return [
    { name: 'rankings', user: alice, path: '', act: voteOnSecond },
    { name: 'journal', user: alice, path: '', act: openJournal },
    { name: 'finder', user: alice, path: '', act: find },
    {
      ...{ name: 'users', user: alice, path: '' },
      act: async (page) => button(page, 'You are alice').click(),
    },
    { name: 'films', user: alice, path: '#/movies' },
    { name: 'films-of-genre', user: alice, path: '#/movies?genre=Sci-Fi&rating=8-' },
    { name: 'films-none', user: alice, path: '#/movies?q=xyzzyplugh' },
    { name: 'film', user: alice, path: `#/movies/${film}` },
    { name: 'film-with-reminder', user: alice, path: '#/movies/m1' },
    {
      ...{ name: 'film-request', user: alice, path: '#/movies/m1' },
      act: async (page) => button(page, 'Show the request').click(),
    },
    { name: 'my-votes', user: alice, path: '#/me/votes' },
    { name: 'my-reminders', user: alice, path: '#/me/reminders' },
    { name: 'my-watched', user: alice, path: '#/me/watched' },
    { name: 'in-figures', user: alice, path: '#/me/stats' },
    { name: 'for-you', user: alice, path: '#/me/recommendations' },
    { name: 'notifications', user: alice, path: '#/me/notifications' },
    { name: 'tickets', user: alice, path: '#/tickets' },
    { name: 'ticket', user: alice, path: `#/tickets/${ticketId}` },
    { name: 'tickets-of-support', user: 'sam', path: '#/tickets' },
    { name: 'operators-only', user: alice, path: '#/ops' },
    { name: 'flow', user: olga, path: '#/ops', act: followOne },
    { name: 'projections', user: olga, path: '#/ops/projections' },
    { name: 'rebuild', user: olga, path: '#/ops/projections/rankings' },
    { name: 'rebuild-failed', user: olga, path: '#/ops/projections/tickets' },
    { name: 'time', user: olga, path: `#/ops/time?movie=${film}&at=${moment}` },
    { name: 'time-of-all', user: olga, path: '#/ops/time' },
    { name: 'streams', user: olga, path: '#/ops/streams' },
    { name: 'streams-of-film', user: olga, path: `#/ops/streams?movie=${film}` },
    { name: 'streams-of-user', user: olga, path: '#/ops/streams?user=alice' },
    { name: 'stream', user: olga, path: `#/ops/streams?stream=ranking/${film}/alice` },
    { name: 'stream-of-ticket', user: olga, path: `#/ops/streams?stream=support/${ticketId}` },
    { name: 'trace', user: olga, path: `#/ops/trace?correlation=${correlation}` },
    { name: 'traces', user: olga, path: '#/ops/trace' },
    { name: 'tail', user: olga, path: '#/ops/tail?from=2020-01-01', act: chooseEvent },
    { name: 'dead-letters-none', user: olga, path: '#/ops/dead-letters' },
    { name: 'schemas', user: olga, path: '#/ops/schemas' },
    { name: 'schema', user: olga, path: '#/ops/schemas/MovieAdded' },
    {
      ...{ name: 'schema-refused', user: olga, path: '#/ops/schemas/VoteCast' },
      act: cutSchema,
    },
    { name: 'lanes', user: olga, path: '#/ops/lanes' },
    { name: 'audit', user: olga, path: '#/ops/audit', act: openFirst },
  ];
}

/** Once an event lies among the dead letters. */
export const shotsOfTrouble: Shot[] = [
  { name: 'flow-with-trouble', user: 'olga', path: '#/ops' },
  { name: 'projections-with-trouble', user: 'olga', path: '#/ops/projections' },
  { name: 'dead-letters', user: 'olga', path: '#/ops/dead-letters' },
  { name: 'dead-letter', user: 'olga', path: '#/ops/dead-letters', act: openFirst },
  {
    ...{ name: 'dead-letters-discard', user: 'olga', path: '#/ops/dead-letters' },
    act: async (page) => {
      await page
        .getByRole('button', { name: /^Discard all/ })
        .first()
        .click();
    },
  },
];

/** Live figures come once a second. */
const settledMs = 1_500;

export async function untilSettled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  const loading = page.getByRole('status', { name: 'Loading' });
  await until(async () => (await loading.count()) === 0);
  await page.waitForTimeout(settledMs);
}
