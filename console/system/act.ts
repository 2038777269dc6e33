import type { CommandComponents, MoviesClient } from '#client/client.ts';
import { isForNow, readAgain } from './answers.ts';
import { api, told } from './api.ts';
import * as effects from './effects.ts';
import { begin, change, coveredBy, placesIn } from './journal.ts';
import { userNow } from './session.ts';

export type Answer = CommandComponents['schemas']['CommandAnswer'];

/** A command that a person gives by a button or a form. */
export type Act<A extends Answer = Answer> = {
  /** What it does, as a person would say it. */
  title: string;
  /** Method and path. */
  command: string;
  /** Sends the command. @param key makes a repeat count once. */
  send(client: MoviesClient, key: string): Promise<A>;
  /** Reads what shows the command's effect. */
  see(client: MoviesClient, answer: A): Promise<unknown>;
  /** What the screen shows of it before any answer. */
  effect?: effects.Effect;
  /** The act that takes this one back. */
  undo?(answer: A): Act | null;
  /** What the page does then, also if it took a second try. */
  done?(answer: A): void;
};

/**
 * Carries an act out as the one who is signed in: the screen shows its effect at once, and the
 * journal says when it was stored and when a read has shown it. A refusal takes the effect back,
 * and the command can be sent again; what is stored stays so, and only the read of it is tried
 * again.
 */
export async function perform<A extends Answer>(
  act: Act<A>,
  id: string = crypto.randomUUID(),
): Promise<void> {
  const { title, command, effect = effects.none } = act;
  const client = api();
  const user = userNow();
  begin({ id, title, command, user });
  effects.begin(id, user, effect);
  const startedAt = performance.now();
  const sinceStart = () => Math.round((performance.now() - startedAt) * 10) / 10;
  const sent = await inOrder(client, async () => {
    const covered = coveredBy(client.seen());
    return { answer: await act.send(client, id), covered };
  }).catch((error: unknown) => {
    effects.takeBack(id);
    const again = () => void perform(act, id);
    change(id, { state: 'failed', failure: told(error), again });
  });
  if (!sent) return;
  const { answer, covered } = sent;
  const { stream, version, events, unchanged, token } = answer;
  const places = unchanged ? [] : placesIn(token, covered);
  const stored = { stream, version, events, unchanged, places };
  const undo = act.undo?.(answer) ?? null;
  const takenBack = () => {
    // If that fails, it can be tried again where it is told: a second one would count, too.
    change(id, { undo: null });
    if (undo) void perform(undo);
  };
  change(id, {
    ...{ state: 'stored', storedMs: sinceStart(), stored },
    undo: undo && takenBack,
  });
  await show(id, () => untilSeen(act, client, answer), sinceStart);
  if (api() === client) act.done?.(answer);
}

const before = new WeakMap<MoviesClient, Promise<unknown>>();

/**
 * A user's acts reach the log in the order in which they were given: two requests at once may not.
 * One that gets no answer keeps the later ones waiting, also those that have nothing to do with it.
 */
function inOrder<A>(client: MoviesClient, send: () => Promise<A>): Promise<A> {
  const sent = (before.get(client) ?? Promise.resolve()).then(send);
  before.set(
    client,
    sent.catch(() => {}),
  );
  return sent;
}

/** What is stored stays, whether or not it can be shown now; the read can be tried again. */
async function show(id: string, see: () => Promise<unknown>, sinceStart: () => number) {
  try {
    await see();
    change(id, { state: 'visible', visibleMs: sinceStart() });
    void endOnceRead(id);
  } catch (error) {
    const again = () => {
      change(id, { failure: null, again: null });
      void show(id, see, sinceStart);
    };
    change(id, { failure: told(error), again });
    void endOnceRead(id);
  }
}

/** An effect ends when all that is on the screen was read with the token of its act. */
async function endOnceRead(id: string): Promise<void> {
  while (!(await readAgain())) await pause();
  effects.end(id);
}

const againAfterMs = 1_000;
const pause = () => new Promise((done) => setTimeout(done, againAfterMs));

/** While the query API is away, the effect can't be seen; it will be. */
async function untilSeen<A extends Answer>({ see }: Act<A>, client: MoviesClient, answer: A) {
  for (;;) {
    try {
      return await see(client, answer);
    } catch (error) {
      if (!isForNow(error)) throw error;
      await pause();
    }
  }
}
