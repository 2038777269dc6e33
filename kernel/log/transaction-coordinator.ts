import { Backoff, type Pauses } from '../backoff.ts';
import { before } from '../before.ts';
import type { Address } from './cluster.ts';
import { ClosedError, NotSentError, type Wires } from './connections.ts';
import * as codes from './error-codes.ts';
import { InDoubtError, type TopicLane } from './log.ts';
import type { Routes } from './metadata.ts';
import * as requests from './requests.ts';
import { describeTransactionRequest, endAndRenewRequest } from './requests-flexible.ts';
import { slowAnswer } from './slow-answer.ts';

/** The broker's own timeout for a transaction: longer than requests are repeated here. */
export const transactionTimeoutMs = 10_000;
/** So long a coordinator is waited for that says nothing. */
const blindMs = 3_000;
const retryPauses: Pauses = { firstMs: 1, factor: 1.5, maxMs: 300 };

type Judgement<T> = {
  /** The error codes in an answer. */
  errors(answer: T): number[];
  retriable: ReadonlySet<number>;
  repeatLost?: boolean;
  /** Whether the step may still be under way, by the state of the transaction. */
  isPending?(state: string): boolean;
  /** Leaves it to the caller if the last transaction is still ending. */
  passesBusy?: boolean;
  deadline: number;
};

type HowToTry = Pick<Judgement<never>, 'repeatLost' | 'isPending' | 'deadline'>;

const isEnding = (state: string): boolean => state.startsWith('Prepare');
const hasBegun = (state: string): boolean => state === 'Ongoing';

const isBusy = (errors: number[]): boolean =>
  errors.every((code) => code === codes.concurrentTransactions);

/** The broker that keeps the state of one transactional id, wherever it moves. */
export class TransactionCoordinator {
  readonly #transactionalId: string;
  readonly #wires: Wires;
  readonly #routes: Routes;
  #address: Address | undefined;

  constructor(transactionalId: string, wires: Wires, routes: Routes) {
    this.#transactionalId = transactionalId;
    this.#wires = wires;
    this.#routes = routes;
  }

  /** @returns false if nothing was added, since the last transaction is still ending. */
  async addPartitions(
    identity: requests.ProducerIdentity,
    lanes: TopicLane[],
    deadline: number,
  ): Promise<boolean> {
    const errors = (answer: requests.AddedLanes): number[] => {
      const told = answer.lanes.map(({ error }) => error);
      // A lane that the answer leaves out counts as untried.
      return told.length === lanes.length ? told : [...told, codes.operationNotAttempted];
    };
    const request = requests.addPartitionsToTxnRequest(identity, lanes);
    const retriable = codes.addPartitionsRetriable;
    const isPending = (state: string) => !hasBegun(state);
    const judgement = { errors, retriable, isPending, passesBusy: true, deadline };
    const answer = await this.#ask(request, judgement);
    return !isBusy(errors(answer));
  }

  async end(identity: requests.ProducerIdentity, commit: boolean, deadline: number): Promise<void> {
    await this.#ask(requests.endTxnRequest(identity, commit), {
      errors: ({ error }) => [error],
      retriable: codes.coordinatorRetriable,
      isPending: hasBegun,
      deadline,
    });
  }

  /** @returns the identity of the next transaction. */
  async endAndRenew(
    identity: requests.ProducerIdentity,
    commit: boolean,
    deadline: number,
  ): Promise<requests.ProducerIdentity> {
    const request = endAndRenewRequest(identity, commit);
    const { producerId, epoch } = await this.#ask(request, {
      errors: ({ error }) => [error],
      retriable: codes.coordinatorRetriable,
      isPending: hasBegun,
      deadline,
    });
    return { transactionalId: identity.transactionalId, producerId, epoch };
  }

  /** Whether markers of the last transaction are still to be written. False if nobody tells. */
  async isEnding(): Promise<boolean> {
    const ask = async () => {
      this.#address ??= await this.#routes.coordinator(this.#transactionalId);
      return this.#routes.askOne(this.#address, describeTransactionRequest(this.#transactionalId));
    };
    const told = await before(ask(), performance.now() + blindMs).catch(() => undefined);
    return told?.error === codes.ok && isEnding(told.state);
  }

  /**
   * Waits until the markers of the last transaction are written, or for so long. Who may not ask
   * doesn't wait.
   */
  async written(deadline: number): Promise<void> {
    const pauses = new Backoff(retryPauses);
    const request = describeTransactionRequest(this.#transactionalId);
    for (;;) {
      const { answer } = await this.#try(request, { repeatLost: true, deadline });
      const isOver = answer && !isEnding(answer.state);
      if (isOver && !codes.coordinatorRetriable.has(answer.error)) return;
      if (answer && codes.coordinatorErrors.has(answer.error)) this.#address = undefined;
      if (!(await pauses.pause(deadline))) return;
    }
  }

  /**
   * Takes the transactional id: from now on every older producer is fenced.
   * @throws InDoubtError when the coordinator refuses or the deadline passes.
   */
  async init(transactionTimeoutMs: number, deadline: number): Promise<requests.ProducerIdentity> {
    const transactionalId = this.#transactionalId;
    const request = requests.initProducerIdRequest(transactionalId, transactionTimeoutMs);
    const { producerId, epoch } = await this.#ask(request, {
      errors: ({ error }) => [error],
      retriable: codes.coordinatorRetriable,
      // At worst the repeat fences a producer that nobody uses: see `takeInTurn`.
      repeatLost: true,
      deadline,
    });
    return { transactionalId, producerId, epoch };
  }

  /** Repeats a request that got a retriable error or never left; otherwise it is in doubt. */
  async #ask<T extends requests.Answer>(
    request: requests.Request<T>,
    judgement: Judgement<T>,
  ): Promise<T> {
    const { errors, retriable, passesBusy = false, deadline } = judgement;
    const pauses = new Backoff(retryPauses);
    for (;;) {
      const { answer, why } = await this.#try(request, judgement);
      const failed = answer ? errors(answer).filter((code) => code !== codes.ok) : [];
      if (answer && failed.length === 0) return answer;
      if (answer && passesBusy && isBusy(errors(answer))) return answer;
      const fatal = failed.find((code) => !retriable.has(code));
      if (fatal !== undefined) {
        const fenced = codes.fencingErrors.has(fatal);
        throw new InDoubtError(`${request.name}: ${codes.nameOf(fatal)}`, { fenced });
      }
      if (failed.some((code) => codes.coordinatorErrors.has(code))) this.#address = undefined;
      if (!(await pauses.pause(deadline))) {
        const last = failed[0] === undefined ? why : codes.nameOf(failed[0]);
        throw new InDoubtError(`${request.name} was repeated until time ran out: ${last}`);
      }
    }
  }

  /** One try; without an answer it may be repeated. @throws InDoubtError if it may not. */
  async #try<T extends requests.Answer>(
    request: requests.Request<T>,
    { repeatLost, isPending, deadline }: HowToTry,
  ): Promise<{ answer?: T; why?: string }> {
    try {
      this.#address ??= await this.#routes.coordinator(this.#transactionalId);
    } catch (error) {
      if (error instanceof ClosedError) throw new InDoubtError(error.message, { cause: error });
      return { why: String(error) };
    }
    try {
      const answer = isPending
        ? await this.#sendSlow(this.#address, request, isPending, deadline)
        : await this.#wires.send(this.#address, request);
      return { answer };
    } catch (error) {
      this.#address = undefined;
      if (error instanceof ClosedError) throw new InDoubtError(error.message, { cause: error });
      if (repeatLost || error instanceof NotSentError) return { why: String(error) };
      throw new InDoubtError(String(error), { cause: error });
    }
  }

  #sendSlow<T extends requests.Answer>(
    to: Address,
    request: requests.Request<T>,
    isPending: (state: string) => boolean,
    deadline: number,
  ): Promise<T> {
    const blindAt = performance.now() + blindMs;
    const waitMs = Math.max(0, deadline - performance.now());
    return slowAnswer(this.#wires.send(to, { ...request, waitMs }), async () => {
      const described = this.#routes.askOne(to, describeTransactionRequest(this.#transactionalId));
      const told = await before(described, blindAt).catch(() => undefined);
      if (told?.error === codes.ok) return isPending(told.state);
      return !codes.coordinatorErrors.has(told?.error ?? codes.ok) && performance.now() < blindAt;
    });
  }
}

type Taken = { coordinator: TransactionCoordinator; identity: requests.ProducerIdentity };

/**
 * Takes several transactional ids, one after the other. A broker reads a connection's next request
 * only once it has answered the one before, which takes seconds while a replica of the
 * coordinator's log is dying. A request that waited behind another would be repeated after a while
 * over a new connection, where nothing stands before it. The broker would read the first one later
 * than its repeat, though nobody waits for it any more, and that would fence the new producer.
 */
export async function takeInTurn(
  transactionalIds: readonly string[],
  wires: Wires,
  routes: Routes,
  deadline: number,
): Promise<Taken[]> {
  const taken: Taken[] = [];
  for (const transactionalId of transactionalIds) {
    const coordinator = new TransactionCoordinator(transactionalId, wires, routes);
    const identity = await coordinator.init(transactionTimeoutMs, deadline);
    taken.push({ coordinator, identity });
  }
  return taken;
}
