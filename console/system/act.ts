import type { Query } from '@tanstack/react-query';
import {
  type CommandComponents,
  type MoviesClient,
  ProblemError,
  UnreachableError,
} from '#client/client.ts';
import { answers } from './answers.ts';
import { api, told } from './api.ts';
import { begin, change, coveredBy, isActing, isNewest, placesIn } from './journal.ts';
import { session } from './session.ts';

export type Answer = CommandComponents['schemas']['CommandAnswer'];

/** Keeps an answer for the screen, by the key of its query. */
export type Keep = (key: readonly unknown[], answer: unknown) => void;

/** A command that a person gives by a button or a form. */
export type Act<A extends Answer = Answer> = {
  /** What it does, as a person would say it. */
  title: string;
  /** Method and path. */
  command: string;
  /** Sends the command. @param key makes a repeat count once. */
  send(client: MoviesClient, key: string): Promise<A>;
  /** Reads what shows the command's effect. @param keep keeps that answer for the screen. */
  see(client: MoviesClient, keep: Keep, answer: A): Promise<unknown>;
  /** Shows the effect before any answer. @returns how to take that back. */
  expect?(): () => void;
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
  const { title, command } = act;
  const client = api();
  const isTheirs = () => api() === client;
  begin({ id, title, command, user: session.get()?.user ?? null });
  const startedAt = performance.now();
  const sinceStart = () => Math.round((performance.now() - startedAt) * 10) / 10;
  // An answer that is on its way shows nothing of the effect: it would take it off the screen.
  void answers.cancelQueries();
  const takeBack = act.expect?.();
  // The answer to this act's own read shows nothing of acts that were given after this one.
  const keep: Keep = (key, seen) => {
    if (isTheirs() && isNewest(id)) answers.setQueryData(key, seen);
  };
  try {
    const { answer, covered } = await inOrder(async () => {
      const covered = coveredBy(client.seen());
      return { answer: await act.send(client, id), covered };
    });
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
    catchUp();
    await show(id, () => untilSeen(act, client, keep, answer), sinceStart);
    if (isTheirs()) act.done?.(answer);
  } catch (error) {
    takeBack?.();
    change(id, {
      ...{ state: 'failed', failure: told(error), again: () => void perform(act, id) },
    });
  } finally {
    readAgain();
  }
}

let before: Promise<unknown> = Promise.resolve();

/**
 * Acts reach the log in the order in which they were given: two requests at once may not. One that
 * gets no answer keeps the later ones waiting, also those that have nothing to do with it.
 */
function inOrder<A>(send: () => Promise<A>): Promise<A> {
  const sent = before.then(send);
  before = sent.catch(() => {});
  return sent;
}

let isOwed = false;

/** All answers are read again: at once, or as soon as no command is on its way. */
function readAgain(): void {
  isOwed = true;
  catchUp();
}

const neverRead = {
  type: 'active',
  fetchStatus: 'idle',
  predicate: ({ state }: Query) => state.status === 'pending',
} as const;

/** Makes the reads that had to wait, or were given up, for a command that was on its way. */
function catchUp(): void {
  if (isActing()) return;
  void (isOwed ? answers.invalidateQueries() : answers.refetchQueries(neverRead));
  isOwed = false;
}

/** What is stored stays, whether or not it can be shown now; the read can be tried again. */
async function show(id: string, see: () => Promise<unknown>, sinceStart: () => number) {
  try {
    await see();
    change(id, { state: 'visible', visibleMs: sinceStart() });
  } catch (error) {
    const again = () => {
      change(id, { failure: null, again: null });
      void show(id, see, sinceStart).finally(readAgain);
    };
    change(id, { failure: told(error), again });
  }
}

const againAfterMs = 1_000;

/** While the query API is away, the effect can't be seen; it will be. */
async function untilSeen<A extends Answer>(
  { see }: Act<A>,
  client: MoviesClient,
  keep: Keep,
  answer: A,
) {
  for (;;) {
    try {
      return await see(client, keep, answer);
    } catch (error) {
      const isAway = error instanceof UnreachableError;
      if (!isAway && !(error instanceof ProblemError && error.status === 503)) throw error;
      await new Promise((resolve) => setTimeout(resolve, againAfterMs));
    }
  }
}
