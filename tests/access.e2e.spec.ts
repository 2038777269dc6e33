import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiDocument } from '#kernel/openapi/document.ts';
import { type RoleName, roles } from '#schemas/roles.ts';
import { fileOf } from '../docs/openapi/generate.ts';
import { operationsOf } from './openapi-document.ts';
import { type Service, type System, startSystem } from './system.ts';

/** Who may use which route: each one is asked by every role alone, by nobody, and by no role. */

type Who = 'anybody' | 'authenticated' | readonly RoleName[];

const support = ['support'] as const;
const viewer = ['viewer'] as const;
const either = ['viewer', 'support'] as const;
const catalogue = ['catalogue'] as const;

const each = (who: Who, routes: readonly string[]): Record<string, Who> =>
  Object.fromEntries(routes.map((route) => [route, who]));

/** A new route has to be entered here, so that nobody forgets who may use it. */
const intended: Record<string, Who> = {
  'PUT /v1/movies/{movieId}': catalogue,
  'DELETE /v1/movies/{movieId}': catalogue,
  'POST /v1/movies:import': catalogue,
  'PUT /v1/movies/{movieId}/vote': viewer,
  'DELETE /v1/movies/{movieId}/vote': viewer,
  'POST /v1/me/votes:batch': viewer,
  'DELETE /v1/me': viewer,
  'PUT /v1/me/reminders/{movieId}': viewer,
  'DELETE /v1/me/reminders/{movieId}': viewer,
  'POST /v1/me/reminders:batch': viewer,
  'POST /v1/reminders/{movieId}/due': ['service'],
  'POST /v1/me/watched/{movieId}': viewer,
  'DELETE /v1/me/watched/{movieId}/{playId}': viewer,
  'POST /v1/me/watched:batch': viewer,
  'POST /v1/tickets': viewer,
  'POST /v1/tickets/{ticketId}/messages': either,
  'POST /v1/tickets/{ticketId}/resolve': support,
  'POST /v1/tickets/{ticketId}/close': either,
  'POST /v1/tickets/{ticketId}/reopen': either,
  'POST /v1/tickets/{ticketId}/service-order': support,
  'POST /v1/ops/jobs/{jobId}/end': ['service'],
  'POST /v1/me/webhooks': viewer,
  'PUT /v1/me/webhooks/{webhookId}': viewer,
  'DELETE /v1/me/webhooks/{webhookId}': viewer,
  'POST /v1/me/webhooks/{webhookId}/enable': viewer,
  'POST /v1/me/webhooks/{webhookId}/disable': viewer,
  'POST /v1/me/webhooks/{webhookId}/rotate-secret': viewer,
  'POST /v1/me/webhooks/{webhookId}/test': viewer,
  'POST /v1/me/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver': viewer,
  'POST /v1/webhooks/{webhookId}/failing': ['service'],
  'POST /v1/webhooks/forget': ['service'],
  'GET /v1/tickets': support,
  'GET /v1/service-orders': support,
  'GET /v1/tickets/{ticketId}': either,
  'GET /v1/tickets/{ticketId}/timeline': either,
  ...each(
    ['operator'],
    [
      'GET /v1/ops/jobs',
      'GET /v1/ops/audit',
      'GET /v1/ops/jobs/{jobId}',
      'GET /v1/ops/revealed',
      'GET /v1/ops/projections',
      'GET /v1/ops/lanes',
      'GET /v1/ops/reactors',
      'GET /v1/ops/readers',
      'GET /v1/ops/dead-letters',
      'GET /v1/ops/schemas',
      'GET /v1/ops/schemas/{type}',
      'GET /v1/ops/events',
      'GET /v1/ops/moments',
      'GET /v1/ops/tail',
      'POST /v1/ops/schemas/{type}/check',
      'POST /v1/ops/jobs/rebuild',
      'POST /v1/ops/jobs/switch',
      'POST /v1/ops/jobs/rollback',
      'POST /v1/ops/jobs/as-of',
      'POST /v1/ops/jobs/drop',
      'POST /v1/ops/jobs/retry',
      'POST /v1/ops/jobs/discard',
      'POST /v1/ops/jobs/{jobId}/cancel',
      'POST /v1/ops/reveals',
      'GET /v1/ops/stream',
    ],
  ),
  ...each('authenticated', [
    'GET /v1/me/votes',
    'GET /v1/me/reminders',
    'GET /v1/me/watched',
    'GET /v1/me/watched/{movieId}/{playId}',
    'GET /v1/me/notifications',
    'GET /v1/me/stats',
    'GET /v1/me/recommendations',
    'GET /v1/me/tickets',
    'GET /v1/me/changes',
    'GET /v1/me/webhooks',
    'GET /v1/me/webhooks/{webhookId}',
    'GET /v1/me/webhooks/{webhookId}/deliveries',
    'GET /v1/me/export',
  ]),
  ...each('anybody', [
    'GET /v1/genres',
    'GET /v1/movies',
    'GET /movies',
    'GET /movies/gender/{genre}',
    'GET /v1/search',
    'GET /v1/movies/{movieId}',
    'GET /movies/{movieId}',
    'GET /v1/rankings',
    'GET /ranking/gender/{genre}',
    'GET /v1/catalogue/changes',
    'GET /v1/catalogue',
    'GET /v1/live',
    'GET /healthz',
    'GET /readyz',
  ]),
};

const services = ['command-api', 'query-api'] as const;
const all = services.flatMap((name) =>
  operationsOf(JSON.parse(readFileSync(fileOf(name), 'utf8')) as ApiDocument).map(
    ({ method, path }) => ({ name, method, path }),
  ),
);

const running = new Map<string, Service>();
let system: System;
beforeAll(async () => {
  system = await startSystem('access');
  await Promise.all([
    system.start('projectors'),
    ...services.map(async (name) => running.set(name, await system.start(name))),
  ]);
});
afterAll(() => system?.stop());

/** The request has a parameter that no route knows: who is let in gets 400, and nothing is done. */
async function status(asked: (typeof all)[number], headers: Record<string, string>) {
  const { name, method, path } = asked;
  const url = (running.get(name) as Service).url + path.replaceAll(/\{\w+\}/g, 'm1');
  return (await fetch(`${url}?surprise=1`, { method, headers })).status;
}
const outcome = (found: number) => (found === 401 || found === 403 ? found : 'let in');

const names = Object.keys(roles) as RoleName[];

it('every route is in the table, and the table has no other', () => {
  const routes = new Set(all.map(({ method, path }) => `${method} ${path}`));
  expect(Object.keys(intended).sort()).toEqual([...routes].sort());
});

it.each(all)('$method $path lets in exactly whom it is meant for', async (asked) => {
  const who = intended[`${asked.method} ${asked.path}`];
  expect(who, 'a route that this table does not have').toBeDefined();
  const mayAll = who === 'anybody' || who === 'authenticated';
  const wanted = {
    nobody: who === 'anybody' ? 'let in' : 401,
    'a bad token': /healthz|readyz|openapi|docs/.test(asked.path) ? expect.anything() : 401,
    'no role': mayAll ? 'let in' : 403,
    ...Object.fromEntries(
      names.map((role) => [role, mayAll || who?.includes(role) ? 'let in' : 403]),
    ),
  };
  const found = {
    nobody: outcome(await status(asked, {})),
    'a bad token': outcome(await status(asked, { authorization: 'Bearer bad' })),
    'no role': outcome(await status(asked, await system.as('ada'))),
    ...Object.fromEntries(
      await Promise.all(
        names.map(async (role) => [
          role,
          outcome(await status(asked, await system.as('ada', role))),
        ]),
      ),
    ),
  };
  expect(found).toEqual(wanted);
});
