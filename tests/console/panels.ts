import { randomUUID } from 'node:crypto';
import type { Page, Route } from 'playwright-core';
import { describe, it } from 'vitest';
import { ask } from '../answers.ts';
import { post } from './as-somebody.ts';
import { expectAccessible } from './browser.ts';
import { openTicket } from './every-page.ts';
import type { RunningConsole } from './running-console.ts';

/** What each panel shows while it waits, when it can't be read, and when there is nothing. */

const patiently = { timeout: 300_000 };

type Panel = {
  path: string;
  /** The request that is its own. */
  asks: string | RegExp;
  /** As the panel calls what it shows. */
  what: string;
  /** Shown while the answer is on its way, if that is not the usual. */
  waits?: string;
  /** An answer without anything, and what is said then; without one, the system's own is shown. */
  empty?: readonly [body: object, says: string];
  /** Other answers that the panel needs to be there at all. */
  given?: Readonly<Record<string, object>>;
};

export function panelJourneys(running: () => RunningConsole): void {
  describe('each panel', patiently, () => {
    it('tells what it waits for, what failed, and that there is nothing', async () => {
      const { ticketId, correlation } = await openTicket(running());
      const stream = await voteAndTakeBack(running());
      await Promise.all([
        walk(running(), 'alice', [...ofViewers, ofTicket(ticketId)]),
        walk(running(), 'olga', [
          ...[...ofSystem, ...ofLog, ...ofStream(stream), ofTrace(correlation)],
          ...[...ofLongPast, ...ofAct(await askToDrop(running())), ...ofPast],
        ]),
      ]);
    });
  });
}

async function walk(running: RunningConsole, user: string, panels: readonly Panel[]) {
  const { page } = await running.as(user, '');
  for (const panel of panels) {
    try {
      await expectStates(running, page, panel);
    } catch (cause) {
      throw new Error(`${panel.path}, ${panel.what}: ${(cause as Error).message}`, { cause });
    }
  }
}

async function expectStates(running: RunningConsole, page: Page, panel: Panel): Promise<void> {
  const { path, asks, what, waits, empty, given = {} } = panel;
  for (const [address, json] of Object.entries(given)) {
    await page.route(address, (route) => route.fulfill({ json }));
  }
  const held: Route[] = [];
  let answer = (route: Route): unknown => held.push(route);
  await page.route(asks, (route) => answer(route));
  await page.goto('about:blank');
  await page.goto(`${running.queryApi.url}/${path}`);
  const loading = page.getByRole('status', { name: `Loading ${what}`, exact: true });
  const main = page.getByRole('main');
  const isWaiting = waits ? main.getByText(waits) : loading;
  await isWaiting.first().waitFor();
  answer = refuse;
  for (const route of held) await refuse(route);
  const told = main.getByRole('alert').filter({ hasText: new RegExp(`^${what} couldn’t`, 'i') });
  await told.getByText('Out of order').first().waitFor();
  const again = told.getByRole('button', { name: 'Try again' });
  await again.first().waitFor();
  await expectAccessible(page);
  answer = (route) => (empty ? route.fulfill({ json: empty[0] }) : route.continue());
  // Some panels ask again by themselves, and may be sooner.
  const gone = told.waitFor({ state: 'detached' });
  await Promise.race([again.click().catch(() => gone), gone]);
  await gone;
  await isWaiting.first().waitFor({ state: 'detached' });
  if (empty) await main.getByText(empty[1]).first().waitFor();
  await page.unroute(asks);
  for (const address of Object.keys(given)) await page.unroute(address);
}

/** In a way that the client doesn't repeat by itself. */
function refuse(route: Route) {
  const json = { title: 'Out of order', status: 422, code: 'test', detail: 'It is a test.' };
  return route.fulfill({ status: 422, contentType: 'application/problem+json', json });
}

const none = { items: [], next: null, count: 0 };
const at = '2026-01-02T18:00:00.000Z';

const list = (path: string, asks: string, what: string, says: string): Panel => ({
  ...{ path, asks, what, empty: [none, says] },
});

const noFigures = {
  ...{ plays: 0, movies: 0, minutes: 0, votes: { likes: 0, dislikes: 0 }, reminders: 0 },
  ...{ firstWatchedAt: null, lastWatchedAt: null, byGenre: [], byMonth: [] },
};

const ofViewers: readonly Panel[] = [
  list('', '**/v1/rankings?**', 'the ranking', 'No film here yet'),
  { path: '', asks: '**/v1/genres', what: 'the genres' },
  list('#/movies', '**/v1/movies?**', 'the films', 'No film is like this'),
  { path: '#/movies/m1', asks: '**/v1/movies/m1', what: 'the film' },
  {
    ...{ path: '#/me/recommendations', asks: '**/v1/me/recommendations?**' },
    ...{ what: 'the recommendations', empty: [{ items: [], likes: 1 }, 'No film is left'] },
  },
  list('#/me/votes', '**/v1/me/votes?**', 'the list', 'Nothing here yet'),
  list('#/me/reminders', '**/v1/me/reminders?**', 'the list', 'Nothing here yet'),
  list('#/me/watched', '**/v1/me/watched?**', 'the list', 'Nothing here yet'),
  {
    ...{ path: '#/me/stats', asks: '**/v1/me/stats', what: 'the figures' },
    empty: [noFigures, 'Nothing watched yet'],
  },
  list('#/me/notifications', '**/v1/me/notifications?**', 'the notifications', 'Nothing new'),
  list('#/tickets', '**/v1/me/tickets?**', 'the tickets', 'No ticket yet'),
];

const ofTicket = (ticketId: string): Panel => ({
  ...{ path: `#/tickets/${ticketId}`, asks: `**/v1/tickets/${ticketId}`, what: 'the ticket' },
});

const projections = '**/v1/ops/projections';
const noViews = { at, items: [], asOfs: [] };

const ofSystem: readonly Panel[] = [
  {
    ...{ path: '#/ops', asks: /\/ops\/(projections|lanes|reactors|readers)$/ },
    what: 'the state of the system',
  },
  {
    ...{ path: '#/ops/projections', asks: projections, what: 'the projections' },
    empty: [noViews, 'No view is like this'],
  },
  {
    ...{ path: '#/ops/projections/rankings', asks: projections, what: 'the view' },
    empty: [noViews, 'There is no view rankings'],
  },
  {
    ...{ path: '#/ops/projections/rankings', asks: '**/v1/ops/jobs?**' },
    ...{ what: 'the jobs of the view', empty: [none, 'After the rebuild.'] },
  },
  {
    ...{ path: '#/ops/lanes', asks: '**/v1/ops/lanes', what: 'the lanes' },
    empty: [{ at, items: [], nodes: [] }, 'No lane is like this'],
  },
  {
    ...{ path: '#/ops/lanes', asks: '**/v1/ops/reactors', what: 'the reactors' },
    empty: [{ at, items: [] }, 'There are no reactors'],
  },
  {
    ...{ path: '#/ops/lanes', asks: '**/v1/ops/readers', what: 'the processes of query-api' },
    empty: [{ at, items: [] }, 'No process of query-api is known'],
  },
  list('#/ops/audit', '**/v1/ops/audit?**', 'the acts', 'No act yet'),
  list('#/ops/dead-letters', '**/dead-letters?**', 'the dead letters', 'No dead letters'),
  {
    ...{ path: '#/ops/dead-letters?opened=none', asks: /dead-letters\?id=none/ },
    ...{ what: 'the dead letter', empty: [none, 'It is no dead letter any more'] },
  },
  {
    ...{ path: '#/ops/schemas', asks: '**/v1/ops/schemas', what: 'the schemas' },
    empty: [{ items: [] }, 'No type is like this'],
  },
  {
    ...{ path: '#/ops/schemas/VoteCast', asks: '**/v1/ops/schemas/VoteCast', what: 'the schema' },
    empty: [{ subject: '', type: 'VoteCast', versions: [] }, 'The registry has no version'],
  },
];

const events = '**/v1/ops/events?**';
const noEvents = { items: [], next: null };

const ofLog: readonly Panel[] = [
  {
    ...{ path: '#/ops/time?movie=m1', asks: events, what: 'the past' },
    empty: [noEvents, 'Nothing happened to it'],
  },
  {
    ...{ path: '#/ops/time?movie=m1', asks: /order=newest&limit=1$/ },
    ...{ what: 'the newest event of .*', waits: 'It is being read …' },
  },
  { path: '#/ops/time?movie=m1', asks: projections, what: 'the views' },
  {
    ...{ path: '#/ops/streams?movie=m1', asks: events, what: 'the events' },
    empty: [noEvents, 'Nothing ever happened to it'],
  },
  {
    ...{ path: '#/ops/tail?user=nobody-yet', asks: '**/v1/ops/tail?**', what: 'the tail' },
    waits: 'The log is being opened …',
  },
  {
    ...{ path: '#/ops/tail?event=ranking/0/0&at=2020-01-01', asks: events, what: 'the event' },
    empty: [noEvents, 'There is no event at ranking/0/0'],
  },
  { path: '#/ops/trace', asks: '**/v1/ops/tail?**', what: 'the newest requests' },
  {
    ...{ path: '#/ops/trace?correlation=none', asks: events, what: 'the events of the request' },
    empty: [noEvents, 'No event has this correlation'],
  },
];

/** @param stream has two events. */
const ofStream = (stream: string): readonly Panel[] => [
  {
    ...{ path: `#/ops/streams?stream=${stream}`, asks: /from=1&limit=1$/, what: 'the stream' },
    empty: [{ count: 0, items: [] }, 'This stream has no events'],
  },
  { path: `#/ops/streams?stream=${stream}`, asks: /from=1&limit=2$/, what: 'the state' },
];

const ofTrace = (correlation = ''): Panel => ({
  ...{ path: `#/ops/trace?correlation=${correlation}`, asks: projections },
  what: 'which views show it',
});

const event = {
  ...{ topic: 'ranking', lane: 0, offset: 0, key: 'm2', time: at, type: 'VoteCast', id: 'e1' },
  ...{ subject: 'ranking/m2/ada', actor: 'ada', correlationid: 'c', causationid: null },
  ...{ commandid: 'd', masked: [], undecodable: null, data: { movieId: 'm2', userId: 'ada' } },
};

/** More events follow, however many are read. */
const ofLongPast: readonly Panel[] = [
  { asks: '**/v1/ops/moments?**', what: 'the moments' },
  { asks: /\/v1\/ops\/events\?.*from=/, what: 'the events nearby' },
].map((panel) => ({
  ...{ ...panel, path: '#/ops/time?user=ada' },
  given: { [events]: { items: [event], next: 'more' } },
}));

/** What readers saw then, of views that are kept as of the only event. */
const ofPast: readonly Panel[] = [
  {
    ...{ asks: /\/v1\/movies\/m2\?asOf=/, what: 'the film then and now' },
    empty: [{}, 'Then: Beta'] as const,
  },
  {
    ...{ asks: /\/v1\/rankings\?.*asOf=/, what: 'the ranking then and now' },
    empty: [none, 'Likes and dislikes then'] as const,
  },
].map((panel) => ({
  ...{ ...panel, path: '#/ops/time?user=ada' },
  given: {
    [events]: { items: [event], next: null },
    [projections]: { ...noViews, asOfs: [{ name: 'kept', time: at, builtAt: at, views: [] }] },
  },
}));

const ofAct = (jobId: string): readonly Panel[] => [
  {
    path: `#/ops/audit?user=nobody&opened=${jobId}`,
    ...{ asks: `**/v1/ops/jobs/${jobId}`, what: 'the act' },
  },
  {
    path: '#/ops/projections/rankings',
    ...{ asks: `**/v1/ops/jobs/${jobId}`, what: 'the job' },
    given: {
      '**/v1/ops/jobs?**': {
        ...none,
        items: [{ jobId, act: 'rebuild', input: { views: ['rankings'] }, requestedAt: at }],
      },
    },
  },
];

/** @returns the id of a job. */
async function askToDrop(running: RunningConsole): Promise<string> {
  const asked = { path: '/v1/ops/jobs/drop', body: { name: 'never-kept' } };
  const olga = { user: 'olga', role: 'operator' } as const;
  return (await post<{ jobId: string }>(running, { ...olga, ...asked })).jobId;
}

/** @returns the stream of the two events. */
async function voteAndTakeBack({ system, commandApi }: RunningConsole): Promise<string> {
  const user = `viewer-${randomUUID()}`;
  const headers = await system.as(user, 'viewer');
  const vote = { body: { vote: 'like' }, headers };
  await ask(commandApi.url, 'PUT /v1/movies/m2/vote', vote);
  await ask(commandApi.url, 'DELETE /v1/movies/m2/vote', { headers });
  return `ranking/m2/${user}`;
}
