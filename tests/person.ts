import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { RoleName } from '#schemas/roles.ts';
import { ask, type Done, doneOf } from './answers.ts';
import type { Evening } from './evening.ts';

/** Somebody with an app that keeps the last token it was given. */
export function person(evening: () => Evening, user: string, ...roles: RoleName[]) {
  let seen = '';
  const send = async <Body>(url: string, route: string, body?: object) => {
    const { system } = evening();
    const headers = {
      ...(await system.as(user, ...roles)),
      ...(seen && { 'consistency-token': seen, prefer: 'wait=10' }),
      ...(route.startsWith('POST') && { 'idempotency-key': randomUUID() }),
    };
    const answer = await ask<Body>(url, route, { ...(body && { body }), headers });
    seen = answer.headers.get('consistency-token') ?? seen;
    return answer;
  };
  return {
    does: async (route: string, body?: object) =>
      doneOf(await send<Done>(evening().commandApi.url, route, body)) as Done &
        Record<string, string>,
    sees: async <Body = List>(path: string): Promise<Body> => {
      const answer = await send<Body>(evening().queryApi.url, `GET ${path}`);
      expect(answer, path).toMatchObject({ status: 200 });
      return answer.body;
    },
  };
}

type List = { items: Record<string, unknown>[]; count: number };
