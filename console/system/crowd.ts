import { answerOf, ProblemError } from '#client/client.ts';
import { clientOf } from './api.ts';
import type { DemoUser } from './settings.ts';
import { Store } from './store.ts';

/** Invented viewers who vote for a minute, whichever page is looked at meanwhile. */

export type Votable = { movieId: string };

const forMs = 60_000;
const longestPauseMs = 1_600;

type Crowd = {
  isVoting: boolean;
  /** Those that changed something: like people, they also say once more what they said before. */
  votes: number;
  /** How many votes were refused, by why. */
  refused: Readonly<Record<string, number>>;
};

/** What became of the votes since the last start. */
export const crowd = new Store<Crowd>({ isVoting: false, votes: 0, refused: {} });

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
  crowd.set({ isVoting: true, votes: 0, refused: {} });
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(forMs)]);
  await Promise.all(viewers.map((viewer) => voteUntil(signal, viewer)));
  crowd.update((before) => ({ ...before, isVoting: false }));
}

async function voteUntil(signal: AbortSignal, { token }: DemoUser): Promise<void> {
  const { commands } = clientOf(
    () => token,
    () => false,
  );
  while (!signal.aborted) {
    const film = films[Math.floor(Math.random() * films.length)];
    const vote = Math.random() < 0.7 ? 'like' : 'dislike';
    if (film) {
      const params = { path: { movieId: film.movieId } };
      // One vote that fails is no reason to stop.
      await answerOf(
        commands.PUT('/v1/movies/{movieId}/vote', { params, body: { vote }, signal }),
      ).then(countVote, countRefusal);
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * longestPauseMs));
  }
}

const countVote = ({ unchanged }: { unchanged: boolean }) =>
  crowd.update((before) => ({ ...before, votes: before.votes + Number(!unchanged) }));

/** Of an API that is away, the banner tells. */
function countRefusal(error: unknown): void {
  if (!(error instanceof ProblemError)) return;
  const { title } = error.problem;
  crowd.update((before) => {
    const refused = { ...before.refused, [title]: (before.refused[title] ?? 0) + 1 };
    return { ...before, refused };
  });
}
