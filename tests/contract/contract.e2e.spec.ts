import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, up } from '../answers.ts';
import { type Service, type System, startSystem } from '../system.ts';
import { fuzz, installSchemathesis } from './schemathesis.ts';

/**
 * Both services answer generated requests, valid and invalid, as their API documents say: with a
 * documented status, type, body and headers, never with a 5xx; valid requests are accepted, invalid
 * ones refused.
 */

let system: System;
const running = new Map<string, Service>();
let ada: { authorization: string };
let known: Record<string, string>;

const root = join(import.meta.dirname, '..', '..');
const urlOf = (name: string) => running.get(name)?.url ?? '';

beforeAll(async () => {
  [system] = await Promise.all([startSystem('contract'), installSchemathesis()]);
  const names = ['command-api', 'query-api', 'projectors'] as const;
  for (const service of await Promise.all(names.map((name) => system.start(name)))) {
    running.set(service.name, service);
  }
  ada = await system.as('ada', 'viewer', 'support', 'catalogue', 'operator');
  const args = ['scraper/main.ts', 'scraper/catalogue.csv', '--url', urlOf('command-api')];
  await promisify(execFile)(process.execPath, args, { cwd: root, env: system.settings });
  const post = async (path: string, body: object) => {
    const headers = { ...ada, 'idempotency-key': 'known' };
    const answer = await ask<Record<string, string>>(urlOf('command-api'), `POST ${path}`, {
      ...{ body, headers },
    });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const { ticketId = '' } = await post('/v1/tickets', { subject: 'Help', message: 'No sound.' });
  const { playId = '' } = await post('/v1/me/watched/m55', {});
  known = { movieId: 'm55', ticketId, playId };
}, 300_000);
afterAll(() => system?.stop());

describe.each(['command-api', 'query-api'])('the %s keeps its contract', (name) => {
  const requests = (seed: number, phases: Parameters<typeof fuzz>[0]['phases']) =>
    fuzz({
      ...{ url: urlOf(name), token: ada.authorization.replace('Bearer ', ''), seed, phases, known },
      ...{ examples: 10, movie: { ...up, movieId: 'imported' } },
    });
  let made = 0;

  it('in each documented example, and at each bound of each value', async () => {
    made += await requests(1, ['examples', 'coverage']);
  }, 300_000);

  it.each([1, 2])(
    'in any requests, one by one and one after the other: seed %i',
    async (seed) => {
      made += await requests(seed, ['fuzzing', 'stateful']);
    },
    300_000,
  );

  it('in two thousand requests or more', () => {
    expect(made).toBeGreaterThanOrEqual(2_000);
  });
});
