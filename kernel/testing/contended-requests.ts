import {
  AbortedError,
  InDoubtError,
  LaneReadError,
  LogUnavailableError,
  type TopicLane,
} from '../log/log.ts';
import type { Call } from './contended-log.ts';

export type Sender = {
  readonly name: string;
  readonly alive: boolean;
  /** It starts the name for itself. */
  isNew(name: string): boolean;
  /** It gets an answer. */
  sees(what: string): void;
};

/** A request, its sender, and the sender's answer. */
export type Sent = Call & { node: Sender; answer: PromiseWithResolvers<unknown> };

/** What may become of a request. */
export type Fate = {
  what: string;
  kind: 'answered' | 'late' | 'lost' | 'refused';
  sent: Sent;
  happen(): void;
};

const somewhere: TopicLane = { topic: 'a topic', lane: 0 };

/** The requests of all nodes to the log, on their way. */
export class ContendedRequests {
  #sent: Sent[] = [];
  /** Those whose senders wait no more: they may come to the log at any later time, or never. */
  #late: Sent[] = [];
  /** How many there were. */
  count = 0;
  readonly #executed: (call: Sent) => void;

  /** @param executed is told what the log has executed. */
  constructor(executed: (call: Sent) => void) {
    this.#executed = executed;
  }

  get key(): string {
    const sent = this.#sent.map(({ node, what }) => `${node.name} ${what}`);
    return `${sent.sort()} late ${this.#late.map(({ what }) => what).sort()}`;
  }

  ask(node: Sender, call: Call): Promise<unknown> {
    this.count += 1;
    const answer = Promise.withResolvers<unknown>();
    if (node.alive) this.#sent.push({ ...call, node, answer });
    return answer.promise;
  }

  /** It waits for no answer. */
  isStill(node: Sender): boolean {
    return !this.#sent.some((sent) => sent.node === node);
  }

  /** All that may become of all requests. */
  fates(): Fate[] {
    return [...this.#sent.flatMap((sent) => this.#fatesOf(sent)), ...this.#lates()];
  }

  #fatesOf(sent: Sent): Fate[] {
    const { kind, node } = sent;
    const what = `${node.name}: ${sent.what}`;
    const answered = () => this.#answer(sent);
    const lost = () => this.#lose(sent);
    const refused = () => this.#fail(sent, refusals[kind]?.() as Error);
    const fates: Fate[] = [];
    if (!sent.waits()) fates.push({ kind: 'answered', sent, what, happen: answered });
    if (kind !== 'read') fates.push({ kind: 'lost', sent, what: `lost ${what}`, happen: lost });
    if (refusals[kind]) {
      fates.push({ kind: 'refused', sent, what: `refused ${what}`, happen: refused });
    }
    return fates;
  }

  #lates(): Fate[] {
    return this.#late.map((sent) => {
      const what = `late ${sent.node.name}: ${sent.what}`;
      return { kind: 'late', sent, what, happen: () => this.#land(sent) };
    });
  }

  /** A connection is closed, or a whole process dies. */
  lose(isLost: (sent: Sent) => boolean): void {
    for (const sent of this.#sent.filter(isLost)) this.#lose(sent);
  }

  #answer(sent: Sent): void {
    this.#forget(sent);
    sent.node.sees(sent.what);
    try {
      sent.answer.resolve(this.#run(sent));
    } catch (error) {
      sent.answer.reject(error);
    }
  }

  #lose(sent: Sent): void {
    if (sent.kind !== 'read') this.#late.push(sent);
    // A start is repeated, and then fails in another way.
    const Lost = sent.kind === 'start' ? LogUnavailableError : InDoubtError;
    this.#fail(sent, new Lost('the answer was lost'));
  }

  #fail(sent: Sent, error: Error): void {
    this.#forget(sent);
    sent.node.sees(`${error.name} ${sent.what}`);
    if (sent.node.alive) sent.answer.reject(error);
  }

  #land(sent: Sent): void {
    this.#late.splice(this.#late.indexOf(sent), 1);
    try {
      this.#run(sent);
    } catch (error) {
      if (!(error instanceof InDoubtError)) throw error;
    }
  }

  #run(sent: Sent): unknown {
    const result = sent.run();
    this.#executed(sent);
    return result;
  }

  #forget(sent: Sent): void {
    this.#sent.splice(this.#sent.indexOf(sent), 1);
  }
}

/** The log can't do this now, and never will. */
const refusals: Partial<Record<Call['kind'], () => Error>> = {
  put: () => new LogUnavailableError('not now'),
  read: () => new LaneReadError(somewhere, 'unavailable', 'not now'),
  append: () => new AbortedError([], 'the last transactions have not ended'),
};
