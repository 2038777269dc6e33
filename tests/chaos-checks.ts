import { isDeepStrictEqual } from 'node:util';
import { commandId, type Event } from '#kernel/event.ts';
import { historyOf, isOfKey, wasTrue } from './chaos-histories.ts';
import { type Answer, isAnswered, type Sent } from './chaos-load.ts';
import type { Committed } from './committed-events.ts';

/** Compares the answers that clients got with the log, and checks the versions in the log. */

export type Verdict = {
  commands: number;
  acknowledged: number;
  /** Commands none of whose tries was answered. */
  inDoubt: number;
  /** Commands in doubt whose events are in the log. */
  found: number;
  lost: string[];
  doubled: string[];
  contradictory: string[];
  /** Answers that were not true at any moment between request and answer. */
  stale: string[];
};

const describe = ({ command, path, key, requestId, status, answer, problem }: Sent) =>
  `${command} ${path} key ${key}, request ${requestId}: ` +
  `${status} ${JSON.stringify(answer ?? problem)}`;

export const identityOf = ({ user, command, stream, key, requestId }: Sent) =>
  key === null ? requestId : commandId(user, command, stream, key);

const byKey = <T>(items: readonly T[], key: (item: T) => string) => Map.groupBy(items, key);

/** Compares all tries of each command with the events that the log has of the command. */
export function judge(sent: readonly Sent[], log: readonly Committed[]): Verdict {
  const events = log.map(({ event }) => event);
  const ofClients = events.filter((event) => !isOfKey(event));
  const byCommand = byKey(ofClients, ({ meta }) => meta.commandid);
  const byRequest = byKey(ofClients, ({ meta }) => meta.correlationid);
  const verdict: Verdict = {
    ...{ commands: 0, acknowledged: 0, inDoubt: 0, found: 0 },
    ...{ lost: [], doubled: [], contradictory: [], stale: [] },
  };
  for (const [identity, tries] of byKey(sent, identityOf)) {
    const keyed = tries[0]?.key !== null;
    const appended = (keyed ? byCommand : byRequest).get(identity) ?? [];
    judgeCommand(tries, appended, verdict);
  }
  verdict.stale = stale(sent, events);
  return verdict;
}

function judgeCommand(tries: readonly Sent[], appended: readonly Event[], verdict: Verdict): void {
  const first = tries[0] as Sent;
  const acknowledged = tries.filter(({ answer }) => answer && !answer.unchanged);
  verdict.commands += 1;
  if (isDoubled(appended)) verdict.doubled.push(describe(first));
  const known = acknowledged[0]?.answer;
  if (known) {
    verdict.acknowledged += 1;
    if (!isIn(known, appended)) verdict.lost.push(describe(acknowledged[0] as Sent));
  } else if (tries.every((one) => isAnswered(one))) {
    // Every try was refused or changed nothing, so the log must have no event of the command.
    if (appended.length > 0) verdict.contradictory.push(describe(first));
  } else {
    verdict.inDoubt += 1;
    if (appended.length > 0) verdict.found += 1;
  }
  const since = Math.min(...acknowledged.map(({ endedAt }) => endedAt));
  for (const one of tries) {
    const isLater = isAnswered(one) && one.startedAt > since;
    const another = one.answer && !one.answer.unchanged && !isDeepStrictEqual(one.answer, known);
    const forgot = isLater && !isDeepStrictEqual(one.answer, known);
    if (another || forgot) verdict.contradictory.push(describe(one));
  }
}

/** A command appends at most one event of each type. */
const isDoubled = (appended: readonly Event[]) =>
  new Set(appended.map(({ type }) => type)).size < appended.length;

const isIn = ({ stream, version, events }: Answer, appended: readonly Event[]) =>
  isDeepStrictEqual(
    appended.map(({ type, meta }) => [meta.subject, meta.sequence, type]),
    events.map((type, at) => [stream, version - events.length + 1 + at, type]),
  );

/** Answers that miss a change which had been acknowledged before their request was sent. */
function stale(sent: readonly Sent[], events: readonly Event[]): string[] {
  const history = historyOf(events);
  const acknowledged = byKey(
    sent.filter(({ answer }) => answer && !answer.unchanged),
    ({ stream }) => stream,
  );
  const knownBefore = (stream: string, moment: number) =>
    (acknowledged.get(stream) ?? []).reduce(
      (known, { endedAt, answer }) =>
        endedAt < moment ? Math.max(known, answer?.version ?? 0) : known,
      0,
    );
  return sent
    .filter((one) => isAnswered(one) && (!one.answer || one.answer.unchanged))
    .filter((one) => !wasTrue(one, history, (stream) => knownBefore(stream, one.startedAt)))
    .map(describe);
}

/** Events whose version doesn't follow the one before: a stream's versions are 1, 2, 3, … */
export function gaps(log: readonly Committed[]): string[] {
  const versions = new Map<string, number>();
  return log.flatMap(({ topic, offset, event }) => {
    const { subject, sequence } = event.meta;
    const before = versions.get(subject) ?? 0;
    versions.set(subject, sequence);
    return sequence === before + 1 ? [] : [`${topic}@${offset} ${subject}: ${before}, ${sequence}`];
  });
}
