import { isDeepStrictEqual } from 'node:util';
import type { Aggregate } from '#kernel/aggregate.ts';
import { commandId, type Event } from '#kernel/event.ts';
import { topicOf } from '#kernel/writer/request.ts';
import { type Answer, isAnswered, type Sent } from './chaos-load.ts';
import type { Committed } from './committed-events.ts';

/** What must hold of a log, whatever happened while it was written. Each returns its offences. */

export type Verdict = {
  commands: number;
  acknowledged: number;
  /** Sent, and no try of it was ever answered. */
  inDoubt: number;
  /** In doubt, and in the log. */
  found: number;
  lost: string[];
  doubled: string[];
  contradictory: string[];
  stale: string[];
};

const describe = ({ command, path, key, requestId, status, answer, problem }: Sent) =>
  `${command} ${path} key ${key}, request ${requestId}: ` +
  `${status} ${JSON.stringify(answer ?? problem)}`;

const identityOf = ({ user, command, stream, key, requestId }: Sent) =>
  key === null ? requestId : commandId(user, command, stream, key);

const byKey = <T>(items: readonly T[], key: (item: T) => string) => Map.groupBy(items, key);

export function judge(sent: readonly Sent[], log: readonly Committed[]): Verdict {
  const events = log.map(({ event }) => event);
  const byCommand = byKey(events, ({ meta }) => meta.commandid);
  const byRequest = byKey(events, ({ meta }) => meta.correlationid);
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

/** All tries of one command, against what the log has of it. */
function judgeCommand(tries: readonly Sent[], appended: readonly Event[], verdict: Verdict): void {
  const first = tries[0] as Sent;
  const acknowledged = tries.filter(({ answer }) => answer && !answer.unchanged);
  verdict.commands += 1;
  if (appended.length > 1) verdict.doubled.push(describe(first));
  const known = acknowledged[0]?.answer;
  if (known) {
    verdict.acknowledged += 1;
    if (!isIn(known, appended)) verdict.lost.push(describe(acknowledged[0] as Sent));
  } else if (tries.every((one) => isAnswered(one))) {
    // Rejected, or nothing to do: then there must be nothing.
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

const isIn = ({ stream, version, events }: Answer, appended: readonly Event[]) =>
  isDeepStrictEqual(
    appended.map(({ type, meta }) => [meta.subject, meta.sequence, type]),
    events.map((type, at) => [stream, version - events.length + 1 + at, type]),
  );

/** Answers that say less than what had been acknowledged before they were asked for. */
function stale(sent: readonly Sent[], events: readonly Event[]): string[] {
  const typeAt = new Map(
    events.map((event) => [`${event.meta.subject}@${event.meta.sequence}`, told(event)]),
  );
  const offences: string[] = [];
  for (const [stream, all] of byKey(sent, (one) => one.stream)) {
    const acknowledged = all
      .filter(({ answer }) => answer && !answer.unchanged)
      .toSorted((a, b) => a.endedAt - b.endedAt);
    for (const one of all.filter(({ answer }) => answer?.unchanged)) {
      const { version } = one.answer as Answer;
      const before = acknowledged.filter(({ endedAt }) => endedAt < one.startedAt);
      const known = Math.max(0, ...before.map(({ answer }) => answer?.version ?? 0));
      const holds = typeAt.get(`${stream}@${version}`) ?? 'none';
      if (version < known || !isTrue(one, holds)) offences.push(`${describe(one)}: ${holds}`);
    }
    for (const one of all) if (one.problem?.code === 'movie-unknown') offences.push(describe(one));
  }
  return offences;
}

const told = ({ type, data }: Event) =>
  type === 'VoteCast' ? (data as { vote: string }).vote : type === 'VoteRetracted' ? 'none' : type;

function isTrue({ command, body }: Sent, holds: string): boolean {
  if (command === 'vote') return holds === (body as { vote: string }).vote;
  return command === 'retract-vote' ? holds === 'none' : holds !== 'none';
}

/** Every stream begins with 1 and goes on without a gap or a repeat. */
export function gaps(log: readonly Committed[]): string[] {
  const versions = new Map<string, number>();
  return log.flatMap(({ topic, offset, event }) => {
    const { subject, sequence } = event.meta;
    const before = versions.get(subject) ?? 0;
    versions.set(subject, sequence);
    return sequence === before + 1 ? [] : [`${topic}@${offset} ${subject}: ${before}, ${sequence}`];
  });
}

export type StoredStream = { version: number; lastOffset: number; state: unknown; keys: string[] };

/** The streams of some events, folded afresh: what `write_state` should have of them. */
export function streamsOf(
  log: readonly Committed[],
  aggregates: readonly Aggregate[],
): Map<string, StoredStream> {
  const streams = new Map<string, StoredStream>();
  for (const { offset, event } of log) {
    const { subject, sequence, commandid } = event.meta;
    const aggregate = aggregates.find(({ topic }) => topic === topicOf(subject)) as Aggregate;
    const before = streams.get(subject);
    const keys = before?.keys ?? [];
    streams.set(subject, {
      version: sequence,
      lastOffset: offset,
      state: aggregate.evolve(before?.state ?? aggregate.initial, event),
      keys: (keys.at(-1) === commandid ? keys : [...keys, commandid]).slice(-64),
    });
  }
  return streams;
}
