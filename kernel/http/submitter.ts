import type { Command } from '../aggregate.ts';
import { before } from '../before.ts';
import {
  type ConsistencyToken,
  formatToken,
  mergeTokens,
  parseTokens,
} from '../consistency-token.ts';
import { laneOf } from '../log/lane-of.ts';
import type { LogPlaces } from '../log/log-places.ts';
import type { PersonKeys } from '../personal/person-keys.ts';
import { Problem } from '../problems.ts';
import type { ExpectedVersion } from '../writer/expected-version.ts';
import { assertion, type KnownStreams } from '../writer/known-streams.ts';
import type { Forward, Lanes } from '../writer/lanes.ts';
import { makeUpKey } from '../writer/made-up-keys.ts';
import {
  askLanesMs,
  itemsIn,
  type Outcome,
  type Request,
  request,
  rulesOf,
} from '../writer/request.ts';
import { idOf } from '../writer/stream-names.ts';
import { inDoubt } from '../writer/waiting.ts';
import { forwarding, type Sender } from './forwarding.ts';
import type { GroupedForwarding } from './grouped-forwarding.ts';

export type SubmitterOptions = {
  lanes: Pick<Lanes, 'submit'>;
  known: KnownStreams;
  laneCount: number;
  /** The id of the log, for consistency tokens, and what they may name. */
  log: string;
  places: Pick<LogPlaces, 'check'>;
  /** The base URL of the query API, for `Location`. */
  advertisedUrl: string;
  /** The keys of people whose text is encrypted; null if none is. */
  keys?: PersonKeys | null;
  /** In ms; by default 20 s. */
  answerWithinMs?: number;
};

/** What a command needs may each be slow: other lanes, the keys of text, its own lane. */
const defaultAnswerMs = 20_000;

export type Answer = {
  status: 200 | 201;
  location: string | null;
  /** It is the answer to an earlier request with the same key. */
  replayed: boolean;
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

/** The parts of a request that its batch decides for all items. */
export type ItemEnvelope = { idempotencyKey: string; requesthash: string };

/** What a command came to, and the lane that decided it. */
export type Decided = { outcome: Outcome; lane: number };

export type Submitter = {
  /**
   * Has the lane decide the command, on this node or another, and makes the answer.
   * @throws Problem as the command's decision says, or `lane-unavailable` after `answerWithinMs`.
   */
  submit(command: Command, given: unknown, envelope: Envelope, sender: Sender): Promise<Answer>;
  /** As `submit`, for one item of a batch, with a key and a hash of the batch. */
  decide(
    command: Command,
    given: unknown,
    envelope: ItemEnvelope,
    sender: Sender,
    forwards: GroupedForwarding,
  ): Promise<Decided>;
  /** One consistency token for what was seen before and all of these. */
  tokenOf(seen: string, decided: readonly Decided[]): string;
  /** @throws Problem `invalid-token` unless these tokens are of this log. */
  checkSeen(seen: string): Promise<void>;
  /** Checks the rules about streams of other lanes, and makes the request that the lane takes. */
  prepare(
    command: Command,
    given: unknown,
    envelope: Omit<Envelope, 'seen'> & { requesthash?: string },
    sender: Sender,
    forwards?: GroupedForwarding,
  ): Promise<Request>;
  /** One consistency token that covers all of these. */
  merged(tokens: readonly string[]): string;
};

export function submitter(options: SubmitterOptions): Submitter {
  const { lanes, log, places, laneCount, advertisedUrl, keys } = options;
  const { answerWithinMs = defaultAnswerMs } = options;
  const read = (tokens: string): ConsistencyToken =>
    tokens === '' ? { log, seen: {} } : parseTokens(tokens, log);

  /** Text of people may need a key that has to be made first, and an erasure ends one. */
  const decided = async (asked: Request, forward: Forward, sender: Sender): Promise<Outcome> => {
    const decide = () => lanes.submit(asked, forward);
    if (!keys) return decide();
    const outcome = await keys.deciding(asked, sender, decide);
    await keys.erased(asked, outcome);
    return outcome;
  };
  const prepare: Submitter['prepare'] = async (command, given, envelope, sender, forwards) => {
    const until = performance.now() + askLanesMs;
    const asking = { sender, forwards, until };
    const forbidden = await forbiddenElsewhere(command, given, envelope, asking, options);
    const { caller, trace } = sender;
    return request(command, given, caller, { ...envelope, trace, forbidden, until });
  };
  /** Later than this, nobody knows yet what comes of a command. */
  const inTime = async <T extends object>(work: Promise<T>): Promise<T> => {
    const done = await before(work, performance.now() + answerWithinMs);
    if (!done) throw inDoubt();
    return done;
  };
  const submit: Submitter['submit'] = async (command, given, envelope, sender) => {
    const seen = read(envelope.seen);
    await places.check(seen);
    const asked = await prepare(command, given, envelope, sender);
    const outcome = await decided(asked, forwarding(command, given, envelope, sender), sender);
    const after = seenBy(outcome, log, laneOf(asked.key, laneCount));
    const token = formatToken(mergeTokens(log, seen, after));
    return answerTo(command, given, outcome, token, advertisedUrl);
  };
  const decide: Submitter['decide'] = async (command, given, keys, sender, forwards) => {
    const envelope = { ...keys, expectedVersion: null, bulk: true };
    const asked = await prepare(command, given, envelope, sender, forwards);
    const outcome = await decided(asked, forwards.forward(command, given), sender);
    return { outcome, lane: laneOf(asked.key, laneCount) };
  };
  return {
    prepare,
    submit: (...call) => inTime(submit(...call)),
    decide: (...call) => inTime(decide(...call)),
    tokenOf(seen, decided) {
      const tokens = decided.map(({ outcome, lane }) => seenBy(outcome, log, lane));
      return formatToken(mergeTokens(log, read(seen), ...tokens));
    },
    checkSeen: (seen) => places.check(read(seen)),
    merged: (tokens) => formatToken(read(tokens.join(','))),
  };
}

function answerTo(
  command: Command,
  given: unknown,
  { stream, version, types, made, replayed }: Outcome,
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
    replayed: replayed ?? false,
    body: { stream, version, events: types, unchanged, token, ...ids },
  };
}

const seenBy = ({ seen }: Outcome, log: string, lane: number): ConsistencyToken =>
  seen ? { log, seen: { [`${seen.topic}:${lane}`]: seen.offset } } : { log, seen: {} };

/** How a rule's own lane is asked: alone, or together with those of the other items of a batch. */
type Asking = { sender: Sender; forwards: GroupedForwarding | undefined; until: number };

/** The problems that forbid a command, or each of its items. */
async function forbiddenElsewhere(
  command: Command,
  given: unknown,
  envelope: Pick<Envelope, 'idempotencyKey' | 'bulk'>,
  asking: Asking,
  options: SubmitterOptions,
): Promise<readonly (Problem | null)[]> {
  const { items } = command;
  const [of, inputs] = items ? [items.of, itemsIn(given)] : [command, [given]];
  if (!of.requires?.length) return [];
  const own = command.stream(given, asking.sender.caller, envelope.idempotencyKey).key;
  const forbidden: (Problem | null)[] = [];
  const unsure: Promise<void>[] = [];
  for (const [index, input] of inputs.entries()) {
    const others = rulesOf(of, input).filter(({ address }) => address.key !== own);
    const doubted = others.filter((rule) => isForbiddenBy(rule, input, options.known));
    if (doubted.length === 0) continue;
    const told = refusedBy(doubted, { command: of, input }, envelope, asking, options);
    unsure.push(
      told.then((problem) => {
        forbidden[index] = problem;
      }),
    );
  }
  await Promise.all(unsure);
  return forbidden;
}

type Rule = ReturnType<typeof rulesOf>[number];

/** This node's knowledge of other lanes may lag, so only a stream's own lane forbids a command. */
function isForbiddenBy({ requirement, address }: Rule, input: unknown, known: KnownStreams) {
  try {
    known.check(requirement, address.id, input);
    return false;
  } catch (error) {
    if (error instanceof Problem) return true;
    throw error;
  }
}

async function refusedBy(
  rules: readonly Rule[],
  { command, input }: { command: Command; input: unknown },
  { bulk = false }: Pick<Envelope, 'bulk'>,
  { sender, forwards, until }: Asking,
  { lanes }: SubmitterOptions,
): Promise<Problem | null> {
  const { caller, trace } = sender;
  for (const { requirement } of rules) {
    const asserted = assertion(requirement, command);
    const envelope = { idempotencyKey: makeUpKey(), expectedVersion: null, bulk };
    const asked = request(asserted, input, caller, { ...envelope, trace, until });
    const forward = forwards?.forward(asserted, input);
    const answer = lanes.submit(asked, forward ?? forwarding(asserted, input, envelope, sender));
    const problem = await answer.then(() => null, refusal);
    if (problem) return problem;
  }
  return null;
}

function refusal(error: unknown): Problem {
  if (error instanceof Problem && error.status < 500) return error;
  throw error;
}
