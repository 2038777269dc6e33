import { CommandHandler, type EventStore } from '@event-driven-io/emmett';
import { answer, serveVotes } from '../baseline.ts';
import { type Ballot, decide, evolve, initialState, retries, type VoteCast } from './ballot.ts';

/**
 * Emmett's command handler over one of its event stores. Its own adapter for Express has no
 * release for this version of Emmett, so the HTTP part is the same as in every other program here.
 */
export async function serveEmmettVotes(
  store: EventStore,
  streamOf: (ballot: string) => string,
): Promise<void> {
  const handle = CommandHandler<Ballot, VoteCast>({
    ...{ evolve, initialState },
    retry: { onVersionConflict: retries },
  });
  await serveVotes(async (vote) => {
    const stream = streamOf(`${vote.movieId}/${vote.userId}`);
    const done = await handle(store, stream, (ballot) => decide(vote, ballot));
    const events = done.newEvents.map(({ type }) => type);
    return answer(stream, Number(done.nextExpectedStreamVersion), events);
  });
}
