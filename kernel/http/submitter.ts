import { randomUUID } from 'node:crypto';
import type { Command } from '../aggregate.ts';
import {
  type ConsistencyToken,
  formatToken,
  mergeTokens,
  parseTokens,
} from '../consistency-token.ts';
import { laneOf } from '../log/lane-of.ts';
import type { LogPlaces } from '../log/log-places.ts';
import { Problem } from '../problems.ts';
import type { ExpectedVersion } from '../writer/expected-version.ts';
import { assertion, type KnownStreams } from '../writer/known-streams.ts';
import type { Lanes } from '../writer/lanes.ts';
import { type Outcome, type Request, request, rulesOf } from '../writer/request.ts';
import { idOf } from '../writer/stream-names.ts';
import { forwarding, type Sender } from './forwarding.ts';

export type SubmitterOptions = {
  lanes: Pick<Lanes, 'submit'>;
  known: KnownStreams;
  laneCount: number;
  /** The id of the log, for consistency tokens, and what they may name. */
  log: string;
  places: Pick<LogPlaces, 'check'>;
  /** The base URL of the query API, for `Location`. */
  advertisedUrl: string;
};

export type Answer = {
  status: 200 | 201;
  location: string | null;
  body: {
    stream: string;
    version: number;
    events: readonly string[];
    unchanged: boolean;
    token: string;
    /** Ids of new things, such as `parcelId`. */
    [id: string]: unknown;
  };
};

/** The parts of a command's request that come from its headers, besides its input. */
export type Envelope = {
  idempotencyKey: string;
  expectedVersion: ExpectedVersion;
  /** Consistency tokens, joined with commas; '' for none. */
  seen: string;
  /** One of very many that a client sends: the commands of others go before it. */
  bulk?: boolean;
};

export type Submitter = {
  /** Has the lane decide the command, on this node or another, and makes the answer. */
  submit(command: Command, given: unknown, envelope: Envelope, sender: Sender): Promise<Answer>;
  /** Checks the rules about streams of other lanes, and makes the request that the lane takes. */
  prepare(
    command: Command,
    given: unknown,
    envelope: Omit<Envelope, 'seen'>,
    sender: Sender,
  ): Promise<Request>;
  /** One consistency token that covers all of these. */
  merged(tokens: readonly string[]): string;
};

export function submitter(options: SubmitterOptions): Submitter {
  const { lanes, log, places, laneCount, advertisedUrl } = options;
  const read = (tokens: string): ConsistencyToken =>
    tokens === '' ? { log, seen: {} } : parseTokens(tokens, log);

  const prepare: Submitter['prepare'] = async (command, given, envelope, sender) => {
    const forbidden = await forbiddenElsewhere(command, given, envelope, sender, options);
    const { caller, trace } = sender;
    return request(command, given, caller, { ...envelope, trace, forbidden });
  };
  return {
    prepare,
    merged: (tokens) => formatToken(read(tokens.join(','))),
    async submit(command, given, envelope, sender) {
      const before = read(envelope.seen);
      await places.check(before);
      const asked = await prepare(command, given, envelope, sender);
      const outcome = await lanes.submit(asked, forwarding(command, given, envelope, sender));
      const after = seenBy(outcome, log, laneOf(asked.key, laneCount));
      const token = formatToken(mergeTokens(log, before, after));
      return answerTo(command, given, outcome, token, advertisedUrl);
    },
  };
}

function answerTo(
  command: Command,
  given: unknown,
  { stream, version, types, made }: Outcome,
  token: string,
  advertisedUrl: string,
): Answer {
  const unchanged = types.length === 0;
  const outcome = { types, streamId: idOf(stream), made };
  const { path, ids } = command.created?.(given, outcome) ?? {};
  const isNew = path !== undefined && !unchanged;
  return {
    status: isNew ? 201 : 200,
    // Behind a gateway the URL may have a path of its own.
    location: isNew ? advertisedUrl.replace(/\/$/, '') + path : null,
    body: { stream, version, events: types, unchanged, token, ...ids },
  };
}

const seenBy = ({ seen }: Outcome, log: string, lane: number): ConsistencyToken =>
  seen ? { log, seen: { [`${seen.topic}:${lane}`]: seen.offset } } : { log, seen: {} };

/** This node's knowledge of other lanes may lag, so only a stream's own lane forbids a command. */
async function forbiddenElsewhere(
  command: Command,
  given: unknown,
  { idempotencyKey: ownKey, bulk = false }: Pick<Envelope, 'idempotencyKey' | 'bulk'>,
  sender: Sender,
  { known, lanes }: SubmitterOptions,
): Promise<Problem | null> {
  const rules = rulesOf(command, given);
  if (rules.length === 0) return null;
  const { caller, trace } = sender;
  const own = command.stream(given, caller, ownKey).key;
  for (const { requirement, address } of rules.filter((rule) => rule.address.key !== own)) {
    try {
      known.check(requirement, address.id, given);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const asking = assertion(requirement, command);
      const envelope = { idempotencyKey: randomUUID(), expectedVersion: null, bulk };
      const asked = request(asking, given, caller, { ...envelope, trace });
      const answer = lanes.submit(asked, forwarding(asking, given, envelope, sender));
      const problem = await answer.then(() => null, refusal);
      if (problem) return problem;
    }
  }
  return null;
}

function refusal(error: unknown): Problem {
  if (error instanceof Problem && error.status < 500) return error;
  throw error;
}
