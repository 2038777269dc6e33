import { answerOf } from '#client/client.ts';
import { clientOf } from './api.ts';
import type { DemoUser } from './settings.ts';
import { Store } from './store.ts';

/** Invented viewers who vote for a minute, whichever page is looked at meanwhile. */

export type Votable = { movieId: string };

const forMs = 60_000;
const longestPauseMs = 1_600;

/** How many votes there were; null while nobody votes. */
export const crowdVotes = new Store<number | null>(null);

let stop: AbortController | null = null;
let films: readonly Votable[] = [];

/** The films that the crowd votes on: those that were in sight last. */
export function showCrowd(inSight: readonly Votable[]): void {
  if (inSight.length > 0) films = inSight;
}

export const stopCrowd = (): void => stop?.abort();

/** Each of them votes with a token of their own, and by the same requests as everybody. */
export async function startCrowd(viewers: readonly DemoUser[]): Promise<void> {
  stop = new AbortController();
  crowdVotes.set(0);
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(forMs)]);
  await Promise.all(viewers.map((viewer) => voteUntil(signal, viewer)));
  crowdVotes.set(null);
}

async function voteUntil(signal: AbortSignal, { token }: DemoUser): Promise<void> {
  const { commands } = clientOf(() => token, false);
  const counted = () => crowdVotes.update((before) => (before ?? 0) + 1);
  while (!signal.aborted) {
    const film = films[Math.floor(Math.random() * films.length)];
    const vote = Math.random() < 0.7 ? 'like' : 'dislike';
    if (film) {
      const params = { path: { movieId: film.movieId } };
      // One vote that fails is no reason to stop: the banner tells when an API is away.
      await answerOf(
        commands.PUT('/v1/movies/{movieId}/vote', { params, body: { vote }, signal }),
      ).then(counted, () => {});
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * longestPauseMs));
  }
}
