import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { ask } from '../answers.ts';
import type { RunningConsole } from './running-console.ts';

/** The ranking as it was, beside that of now. */

/** So many that their film is the first of the ranking. */
export const fans = Array.from({ length: 5 }, (_, at) => `fan-${at}`);

export async function takeBack({ system, commandApi }: RunningConsole, users: readonly string[]) {
  for (const user of users) {
    const headers = await system.as(user, 'viewer');
    await ask(commandApi.url, 'DELETE /v1/movies/m2/vote', { headers });
  }
}

/** Beside each other stand what the API answers for then, and what it answers now. */
export async function expectRankingThen(running: RunningConsole, page: Page): Promise<void> {
  const headers = await running.system.as('olga', 'operator');
  const rows = page.getByRole('region', { name: 'The ranking then and now' }).locator('tbody tr');
  await rows.first().waitFor();
  const name = (await page.getByText(/^\?asOf=/).textContent())?.replace('?asOf=', '');
  type Place = { title: string; likes: number; dislikes: number; score: number | null };
  const ranked = async (search: string) => {
    const path = `GET /v1/rankings?limit=10${search}`;
    const { body } = await ask<{ items: Place[] }>(running.queryApi.url, path, { headers });
    return body.items.map(({ title, likes, dislikes, score }) => [
      ...[title, `${likes} · ${dislikes}`, score?.toFixed(4) ?? '—'],
    ]);
  };
  const [then, now] = [await ranked(`&asOf=${name}`), await ranked('')];
  expect(then).toHaveLength(now.length);
  /** What differs from the same place at the other time is marked, also for who listens. */
  const marked = (one: string[][], other: string[][], place: number) =>
    one[place]!.map((text, at) => (text === other[place]![at] ? text : `(changed) ${text}`));
  const expected = then.map((_, place) => [
    ...[`${place + 1}`, ...marked(then, now, place), ...marked(now, then, place)],
  ]);
  const shown = (await rows.all()).map((row) => row.locator('td').allTextContents());
  expect(await Promise.all(shown)).toEqual(expected);
  // The film at the top has more likes than then, and stands where it stood.
  const [first = []] = expected;
  expect([first[1], first[4]]).toEqual(['Beta', 'Beta']);
  expect(first.filter((text) => text.startsWith('(changed) '))).toHaveLength(4);
}
