import { setTimeout as pause } from 'node:timers/promises';
import { signToken } from '#kernel/auth/tokens.ts';
import { seeded } from '../random.ts';
import { heavyUser } from './routes.ts';

/** Votes that go on while queries are measured. */

type Given = { url: string; secret: string; perSecond: number; movies: number };
export type Commands = { perSecond: number; refused: number };

/** One of them is the user who has very many votes. */
const voters = 500;

/** Sends votes at a fixed rate. @returns a function that ends them, and tells how it went. */
export async function startCommands(given: Given): Promise<() => Promise<Commands>> {
  const { url, secret, perSecond, movies } = given;
  const tokens = await Promise.all(
    Array.from({ length: voters }, (_, at) =>
      signToken({
        ...{ user: at === 0 ? heavyUser : `busy${at}`, roles: ['viewer'], secret },
        ttlSeconds: 36_000,
      }),
    ),
  );
  const random = seeded(3);
  const [startedAt, isOver] = [performance.now(), new AbortController()];
  let [sent, refused] = [0, 0];
  const vote = async () => {
    const answer = await fetch(`${url}/v1/movies/m${1 + Math.floor(random() * movies)}/vote`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${tokens[sent % voters]}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ vote: random() < 0.7 ? 'like' : 'dislike' }),
    });
    await answer.arrayBuffer();
    if (!answer.ok) refused += 1;
  };
  const sending = (async () => {
    while (!isOver.signal.aborted) {
      const due = ((performance.now() - startedAt) * perSecond) / 1_000;
      for (; sent < due; sent += 1) {
        vote().catch(() => {
          refused += 1;
        });
      }
      await pause(2);
    }
  })();
  return async () => {
    isOver.abort();
    await sending;
    const seconds = (performance.now() - startedAt) / 1_000;
    return { perSecond: Math.round(sent / seconds), refused };
  };
}
