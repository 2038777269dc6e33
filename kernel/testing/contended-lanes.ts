import { setImmediate as nextTurn } from 'node:timers/promises';
import { claimsTopic, laneWriterId } from '../log/topic-names.ts';
import { type Call, ContendedLog } from './contended-log.ts';
import { ContendedRequests, type Fate, type Sent } from './contended-requests.ts';
import { ContendingNode } from './contending-node.ts';
import { LaneChecks } from './lane-checks.ts';
import { LaneClients } from './lane-clients.ts';
import { OlderWriter } from './older-writer.ts';

/** What there is in a history, and how often something may happen besides answers. */
export type Bounds = {
  nodes: number;
  lanes: number;
  /** Names under which a node tries to take lanes; then its leases are others' for good. */
  names: number;
  /** Besides the one that each node gets at first. */
  commands: number;
  /** Of nodes of an older release, which have the lanes at first. */
  olderCommands: number;
  /** A node gives a lane up in peace; and takes it again. */
  drains: number;
  returns: number;
  /** Processes that die; others come in their places. */
  kills: number;
  losses: number;
  refusals: number;
  /** Kafka ends a transaction that takes too long. */
  expiries: number;
  compactions: number;
  /** So much time passes that fences are no longer kept. */
  naps: number;
};

type Cost = Exclude<keyof Bounds, 'nodes' | 'lanes' | 'names'>;

/** One of the things that may happen next. */
export type Move = {
  what: string;
  kind: Fate['kind'] | 'asked' | 'fault' | 'time';
  cost: Cost | null;
  /** The request that it is about. */
  sent: Sent | null;
  make(): void;
};

/** Longer than any pause of a writer; and longer than fences are kept. */
const pauseMs = 300;
const napMs = 10_000;
/** A lane that isn't taken after so many moves without faults never is. */
const enough = 1_000;

/**
 * Nodes that all take the same lanes, on a log that answers when it is told to. One move is made at
 * a time, and before the next all nodes do what they can do without another.
 */
export class ContendedLanes {
  readonly #log = new ContendedLog();
  readonly #requests: ContendedRequests;
  readonly #checks: LaneChecks;
  readonly #clients = new LaneClients();
  readonly #left: Bounds;
  readonly #pass: (ms: number) => void;
  readonly #lanes: readonly number[];
  readonly #olders: OlderWriter[] = [];
  #nodes: ContendingNode[];
  #processes = 0;
  /** All that has happened. */
  readonly #moved: string[] = [];

  /** @param pass lets so many milliseconds pass for all timers. */
  constructor(bounds: Bounds, pass: (ms: number) => void) {
    this.#pass = pass;
    this.#left = { ...bounds };
    this.#lanes = Array.from({ length: bounds.lanes }, (_, lane) => lane);
    this.#checks = new LaneChecks(this.#log, this.#lanes);
    this.#requests = new ContendedRequests((sent) => this.#checks.executed(sent));
    for (const lane of this.#lanes) this.#older(lane, bounds.olderCommands > 0);
    this.#nodes = Array.from({ length: bounds.nodes }, () => this.#process());
    for (const lane of this.#lanes) {
      for (const node of this.#nodes) this.#clients.ask(node, lane);
    }
  }

  /** What has turned out to be wrong, and how it came to that. */
  get wrong(): string | null {
    const { wrong } = this.#checks;
    return wrong && [wrong, ...this.#moved].join('\n');
  }

  /** Equal for equal states. */
  key(): string {
    const nodes = [...this.#nodes, ...this.#olders].map(({ history }) => history);
    return [this.#log.key(), ...nodes, this.#requests.key, Object.values(this.#left)].join('|');
  }

  /** All nodes do what they can do without an answer. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      const before = this.#requests.count;
      await nextTurn();
      if (this.#requests.count !== before) quiet = -1;
    }
    for (const lane of this.#lanes) {
      for (const node of this.#nodes)
        if (node.isOpen(lane)) this.#checks.opened(lane, node.lastName);
      this.#checks.check(lane, this.#clients.answers(lane));
    }
  }

  /** In the same order in every run. */
  moves(): Move[] {
    const moves = [
      ...this.#requests.fates().map((fate) => this.#ofFate(fate)),
      ...this.#nodes.flatMap((node) => this.#ofNode(node)),
      ...this.#olders.flatMap((older) => this.#ofOlder(older)),
      ...this.#ofTime(),
      ...this.#ofKafka(),
    ];
    return moves
      .filter(({ cost }) => cost === null || this.#left[cost] > 0)
      .sort((a, b) => (a.what < b.what ? -1 : 1));
  }

  async make({ what, cost, make }: Move): Promise<void> {
    this.#moved.push(what);
    if (cost) this.#left[cost] -= 1;
    make();
    await this.settle();
  }

  /** With all other requests that a producer has to make for the same start, or barrier. */
  async makeWhole(move: Move): Promise<void> {
    const isSame = (one: Move) => isPart(one) && one.sent?.by === move.sent?.by;
    await this.make(move);
    for (let next: Move | undefined = move; next; next = this.moves().find(isSame)) {
      if (!isPart(move)) return;
      if (next !== move) await this.make(next);
    }
  }

  /** No other node can notice whether it happens now or later. */
  isPrivate({ kind, sent }: Move): boolean {
    if (kind !== 'answered' || !sent) return false;
    if (sent.kind === 'read') return this.#left.compactions === 0;
    return sent.kind === 'start' && sent.node.isNew(sent.what.replace('start ', ''));
  }

  /**
   * Nodes die, and one that is left, or new, takes all lanes, on a log that does what it is asked
   * to; then it gets what was never answered, and what is still under way comes to the log.
   */
  async end({ survives }: { survives: boolean }): Promise<void> {
    const [first, ...others] = this.#nodes as [ContendingNode];
    for (const node of others) this.#kill(node);
    if (!survives) this.#kill(first);
    const last = survives ? first : this.#process();
    this.#nodes = [last];
    for (const lane of this.#lanes) if (!last.has(lane)) last.enter(lane);
    await this.#untilAnswered(last);
    for (const lane of this.#lanes) this.#clients.begin(lane);
    for (const { what, happen } of this.#requests.fates().filter(({ kind }) => kind === 'late')) {
      this.#moved.push(what);
      happen();
    }
    await this.#untilAnswered(last);
  }

  async #untilAnswered(node: ContendingNode): Promise<void> {
    for (let moves = 0; moves < enough; moves += 1) {
      const waiting = this.#lanes.filter((lane) => this.#clients.isWaiting(lane));
      for (const lane of waiting) if (!node.isAsked(lane)) this.#clients.ask(node, lane);
      await this.settle();
      if (this.#checks.wrong || waiting.length === 0) return;
      const answer = this.#requests.fates().find(({ kind }) => kind === 'answered');
      const [name] = this.#log.openNames();
      if (answer) await this.make(this.#ofFate(answer));
      else if (name && !this.#requests.isStill(node)) this.#log.start(name);
      else this.#pass(pauseMs);
    }
    this.#checks.found('a lane can no longer be taken');
  }

  #ofFate({ what, kind, sent, happen }: Fate): Move {
    const costs = { answered: null, late: null, lost: 'losses', refused: 'refusals' } as const;
    return { what, kind, cost: costs[kind], sent, make: happen };
  }

  #process(): ContendingNode {
    const ask = (call: Call): Promise<unknown> => this.#requests.ask(node, call);
    const closed = (producer: object) => this.#requests.lose(({ by }) => by === producer);
    const name = `writer-${this.#processes++}`;
    const node: ContendingNode = new ContendingNode(name, this.#log.client(ask, closed), {
      mayTake: () => node.names < this.#left.names || !this.#checks.isSpent(node.lastName),
      decides: (lane, count) => this.#checks.decides(node.lastName, lane, count),
      fails: (error) => this.#checks.found(`${name} can't go on: ${error}`),
    });
    for (const lane of this.#lanes) node.enter(lane);
    return node;
  }

  #ofNode(node: ContendingNode): Move[] {
    const own = (what: string, cost: Cost, make: () => void): Move => ({
      ...{ what: `${node.name} ${what}`, kind: cost === 'kills' ? 'fault' : 'asked', cost },
      sent: null,
      make: () => {
        node.sees(what);
        make();
      },
    });
    const moves = this.#lanes.flatMap((lane) => {
      if (!node.has(lane)) return [own(`takes ${lane} again`, 'returns', () => node.enter(lane))];
      const drains = own(`drains ${lane}`, 'drains', () => node.drain(lane));
      if (node.isAsked(lane)) return [drains];
      return [drains, own(`is asked ${lane}`, 'commands', () => this.#clients.ask(node, lane))];
    });
    const dies = own('dies', 'kills', () => {
      this.#kill(node);
      this.#nodes[this.#nodes.indexOf(node)] = this.#process();
    });
    return [...moves, dies];
  }

  #kill(node: ContendingNode): void {
    node.alive = false;
    this.#requests.lose((sent) => sent.node === node);
  }

  /** Where there is none, an earlier taker has fenced it. */
  #older(lane: number, isThere: boolean): void {
    if (isThere) {
      const ask = (call: Call): Promise<unknown> => this.#requests.ask(older, call);
      const older: OlderWriter = new OlderWriter(lane, this.#log, ask);
      this.#olders.push(older);
    } else {
      const value = Buffer.from('{"ended":true}');
      const key = laneWriterId('', lane);
      this.#log.put({ topic: claimsTopic(''), lane, key, value, timestamp: 0 });
    }
  }

  #ofOlder(older: OlderWriter): Move[] {
    if (!older.isFree) return [];
    const { lane } = older;
    const what = `older is asked ${lane}`;
    const make = () => {
      older.sees(what);
      older.append().then(
        (answer) => this.#clients.answered(lane, answer),
        () => undefined,
      );
    };
    return [{ what, kind: 'asked', cost: 'olderCommands', sent: null, make }];
  }

  /** A node that waits for nothing else waits for a clock. */
  #ofTime(): Move[] {
    const waits = (node: ContendingNode) => this.#requests.isStill(node) && node.isBusy;
    const pause = { what: 'a pause ends', kind: 'time', cost: null } as const;
    const nap = { what: 'time passes', kind: 'fault', cost: 'naps' } as const;
    return [
      ...(this.#nodes.some(waits)
        ? [{ ...pause, sent: null, make: () => this.#pass(pauseMs) }]
        : []),
      { ...nap, sent: null, make: () => this.#pass(napMs) },
    ];
  }

  #ofKafka(): Move[] {
    const fault = (what: string, cost: Cost, make: () => void): Move => {
      return { what, kind: 'fault', cost, sent: null, make };
    };
    const expiries = this.#log
      .openNames()
      .map((name) => fault(`${name} expires`, 'expiries', () => void this.#log.start(name)));
    const compactions = this.#lanes.flatMap((lane) =>
      this.#log.compactable({ topic: claimsTopic(''), lane }).map((entry) =>
        fault(`${entry.key} is compacted in ${lane}`, 'compactions', () => {
          entry.status = 'compacted';
        }),
      ),
    );
    return [...expiries, ...compactions];
  }
}

/** The answer to one of the requests of a start, or of a barrier. */
const isPart = ({ kind, sent }: Move): boolean =>
  kind === 'answered' && (sent?.kind === 'start' || (sent?.what.endsWith(' aborted') ?? false));
