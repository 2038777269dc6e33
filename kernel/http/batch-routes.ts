import express, { type Request, type Router } from 'express';
import { type Batch, itemsOf } from '../aggregate.ts';
import { Problem } from '../problems.ts';
import { duplicate, type ItemsAnswer } from '../writer/item-decisions.ts';
import { requestHash } from '../writer/request.ts';
import { authenticated } from './authenticated.ts';
import { type BulkRequest, BulkRequests } from './bulk-requests.ts';
import { envelopeOf, markReplayed } from './command-routes.ts';
import { GroupedForwarding } from './grouped-forwarding.ts';
import { input } from './input.ts';
import { batchBytes, jsonBody } from './json-body.ts';
import { senderOf } from './sender.ts';
import type { Decided, Envelope, Submitter } from './submitter.ts';

export type BatchRoutesOptions = {
  batches: readonly Batch[];
  submitter: Submitter;
};

/** So many items count as one request, though fewer cost as much: a first sync has to get done. */
const itemsARequest = 25;
/** As how many requests so many items count. */
export const requestsFor = (items: readonly unknown[]): number =>
  Math.ceil(items.length / itemsARequest);
const limits = { perNode: 8, perUser: 2, commands: 1_000, sliceMs: 5 };

/** The answer to a batch. */
export type BatchAnswer = {
  added: number;
  existing: number;
  rejected: { index: number; code: string }[];
  token: string;
};

/** A route for each batch. */
export function batchRoutes({ batches, submitter }: BatchRoutesOptions): Router {
  const router = express.Router();
  const running = new BulkRequests(limits);
  const body = jsonBody({ limit: batchBytes });
  for (const batch of batches) {
    const [, path = ''] = batch.route.split(' ');
    const read = input(itemsOf(batch.item), { elsewhere: ['consistency'] });
    router.post(path, authenticated(batch.item.role), body, async (req, res) => {
      const { items } = read(req);
      const envelope = batchEnvelope(req);
      req.costs?.(requestsFor(items));
      await submitter.checkSeen(envelope.seen);
      const sender = senderOf(req);
      const bulk = running.begin(sender.caller.userId);
      try {
        const { answer, replayed } = await decideAll({
          batch,
          items,
          envelope,
          sender,
          submitter,
          bulk,
        });
        res.setHeader('Consistency-Token', answer.token);
        res.setHeader('Cache-Control', 'no-store');
        if (replayed) markReplayed(req, res);
        res.json(answer);
      } finally {
        bulk.end();
      }
    });
  }
  return router;
}

/** The preconditions of one stream say nothing of many. */
function batchEnvelope(req: Request): Envelope {
  const envelope = envelopeOf(req);
  if (envelope.expectedVersion === null) return envelope;
  const path = req.get('if-match') === undefined ? 'If-None-Match' : 'If-Match';
  const message = 'is not for batches; give items a `changedAt` where they take one';
  throw new Problem('invalid-input', `${path} ${message}.`, { errors: [{ path, message }] });
}

type Asked = {
  batch: Batch;
  items: readonly unknown[];
  envelope: Envelope;
  sender: ReturnType<typeof senderOf>;
  submitter: Submitter;
  bulk: BulkRequest;
};

async function decideAll(asked: Asked): Promise<{ answer: BatchAnswer; replayed: boolean }> {
  const { batch, items, envelope, submitter } = asked;
  const { answer, decided } = await (batch.together ? decideTogether : decideEach)(asked);
  const { added, existing } = answer;
  const codes = Object.entries(answer.rejected);
  const rejected = codes.flatMap(([code, at]) => at.map((index) => ({ index, code })));
  rejected.sort((one, other) => one.index - other.index);
  if (added + existing + rejected.length !== items.length) throw new Error('An item is missing.');
  const token = submitter.tokenOf(envelope.seen, decided);
  return { answer: { added, existing, rejected, token }, replayed: isReplayed(decided) };
}

/** All that was done was done when the key came before. */
const isReplayed = (decided: readonly Decided[]): boolean =>
  decided.some(({ outcome }) => outcome.replayed) &&
  decided.every(({ outcome }) => outcome.replayed || outcome.types.length === 0);

type AllDecided = { answer: ItemsAnswer; decided: Decided[] };

/** All are of one stream, and so one command. */
async function decideTogether({ batch, items, envelope, sender, submitter }: Asked) {
  const command = batch.together as NonNullable<Batch['together']>;
  const given = { items };
  const { idempotencyKey } = envelope;
  const keys = { idempotencyKey, requesthash: requestHash(idempotencyKey, given) };
  const forwards = new GroupedForwarding(sender, keys);
  const deciding = submitter.decide(command, given, keys, sender, forwards);
  forwards.send();
  const decided = await deciding;
  const answer = JSON.parse(decided.outcome.made as string) as ItemsAnswer;
  return { answer, decided: [decided] };
}

/** Each is a command of its own; all of them share the batch's key and its hash. */
async function decideEach({ batch, items, envelope, sender, submitter, bulk }: Asked) {
  const { idempotencyKey } = envelope;
  const keys = { idempotencyKey, requesthash: requestHash(idempotencyKey, { items }) };
  const results: (Decided | Problem)[] = [];
  const seen = new Set<string>();
  let next = 0;
  const some = async () => {
    const forwards = new GroupedForwarding(sender, keys);
    const begun: Promise<unknown>[] = [];
    for (const end = Math.min(items.length, next + bulk.part()); next < end; next += 1) {
      await bulk.turn();
      const [index, item] = [next, items[next]];
      if (seen.size === seen.add(batch.same(item)).size) {
        results[index] = duplicate();
        continue;
      }
      const deciding = submitter.decide(batch.item, item, keys, sender, forwards);
      begun.push(
        deciding.catch(problemThrown).then((result) => {
          results[index] = result;
        }),
      );
    }
    forwards.send();
    // All have to end before an answer is made: until then they may still be appended.
    await Promise.all(begun);
  };
  const rejections = rejectionsOf(batch);
  const isBroken = () => results.some((one) => isUndecided(one, rejections));
  // Where a lane is away, each further part would wait for it too, longer than the client does.
  while (next < items.length && !isBroken()) await some();
  return told(results, rejections);
}

/** The codes of the problems with which an item is rejected by itself. */
export const rejectionsOf = ({ item }: Pick<Batch, 'item'>): string[] => [
  ...(item.requires ?? []).flatMap(({ problems = [] }) => problems.map(({ code }) => code)),
  ...(item.problems ?? []).map(({ code }) => code),
  'duplicate-item',
  'event-too-large',
];

function problemThrown(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem('internal-error', 'An item could not be handled.', { cause: error });
}

const isUndecided = (result: Decided | Problem, rejections: readonly string[]): result is Problem =>
  result instanceof Problem && !rejections.includes(result.code);

/** @throws Problem if an item could not be decided: the batch has to be sent again. */
function told(results: readonly (Decided | Problem)[], rejections: readonly string[]): AllDecided {
  const answer: ItemsAnswer = { added: 0, existing: 0, rejected: {} };
  const decided: Decided[] = [];
  const undecided: Problem[] = [];
  for (const [index, result] of results.entries()) {
    if (isUndecided(result, rejections)) undecided.push(result);
    else if (result instanceof Problem) {
      answer.rejected[result.code] ??= [];
      answer.rejected[result.code]?.push(index);
    } else {
      answer[result.outcome.types.length > 0 ? 'added' : 'existing'] += 1;
      decided.push(result);
    }
  }
  const worst = undecided.find(({ code }) => code === 'key-reused') ?? undecided[0];
  if (worst) throw incomplete(worst, decided.length);
  return { answer, decided };
}

function incomplete(problem: Problem, done: number): Problem {
  if (problem.code === 'internal-error') return problem;
  const cure =
    problem.code === 'key-reused'
      ? 'Items of other streams may have been done; with a new key they are `existing`.'
      : `Of the other items ${done} are done and stay so; send all with the same key again.`;
  const { retryAfterSeconds } = problem;
  return new Problem(problem.type, `${problem.message} ${cure}`, {
    cause: problem,
    ...(retryAfterSeconds && { retryAfterSeconds }),
  });
}
