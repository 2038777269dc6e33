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

/** A new route has to be entered here, so that nobody forgets who may use it. */
const intended: Record<string, Who> = {
  'PUT /v1/movies/{movieId}': catalogue,
  'DELETE /v1/movies/{movieId}': catalogue,
  'POST /v1/movies:import': catalogue,
  'PUT /v1/movies/{movieId}/vote': viewer,
  'DELETE /v1/movies/{movieId}/vote': viewer,
  'POST /v1/me/votes:batch': viewer,
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
  'GET /v1/tickets': support,
  'GET /v1/service-orders': support,
  'GET /v1/tickets/{ticketId}': either,
  'GET /v1/tickets/{ticketId}/timeline': either,
};

/** Where a route isn't named above. */
function intendedFor(method: string, path: string): Who | undefined {
  const named = intended[`${method} ${path}`];
  if (named) return named;
  if (path.startsWith('/v1/ops/')) return ['operator'];
  if (method !== 'GET') return undefined;
  if (path.startsWith('/v1/me/')) return 'authenticated';
  return publicReads.test(path) ? 'anybody' : undefined;
}
const publicReads = new RegExp(
  '^/(v1/)?(genres|movies|search|rankings?|catalogue|live' +
    '|healthz|readyz|openapi[.]json|docs)(/|$)',
);

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

it.each(all)('$method $path lets in exactly whom it is meant for', async (asked) => {
  const who = intendedFor(asked.method, asked.path);
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
