import type {
  ClaimRecord,
  claimsToEnd,
  namesToFence,
  producersOf,
} from '../writer/claims/protocol.ts';

/**
 * One lane, and nodes that take it, append to it, give it up and die, in every order. Leases are
 * left out: any node may try at any time, which is harsher. An event reaches the lane under one of
 * the producers of a name; committed events have to be numbered 1, 2, 3 … in the order of the log.
 */

/** The protocol that the nodes follow; a test leaves steps out, one at a time. */
export type Protocol = {
  namesToFence: typeof namesToFence;
  claimsToEnd: typeof claimsToEnd;
  producersOf: typeof producersOf;
  /** A node reads who is there before it has claimed the lane. */
  claimsLast?: boolean;
  /** The lane's end is looked for before the others are fenced. */
  endsEarly?: boolean;
  /** Producers are not fenced, only passed over; or only one of each name is. */
  fencesNobody?: boolean;
  fencesOne?: boolean;
};

export type Bounds = {
  nodes: number;
  /** How many names each node may use up. */
  names: number;
  events: number;
  claims: number;
  /** Records of claims that may still be on their way after their answers were lost. */
  late: number;
  /** A node of an older release, which made no claim, has the lane at first. */
  older: boolean;
};

type Step = 'idle' | 'named' | 'claimed' | 'fencing' | 'folding' | 'open' | 'producing';

type ModelNode = {
  step: Step;
  /** How many names it has had. */
  names: number;
  /** Where its claim stands. */
  claim: number;
  /** The producers that it has yet to fence, and the claims that it may end when it is open. */
  toFence: string[];
  toEnd: string[];
  /** Where the lane ends for it. */
  end: number;
  version: number;
  /** Which of its producers has a transaction. */
  producer: number;
};

type Status = 'open' | 'committed' | 'aborted';
type ModelEvent = { producer: string; number: number; status: Status };

export type State = {
  nodes: ModelNode[];
  /** 1 for a producer that its owner has started, 2 once somebody else did, which fences it. */
  starts: Record<string, number>;
  lane: ModelEvent[];
  claims: ClaimRecord[];
  late: ClaimRecord[];
};

const older = 'older';
const idle: ModelNode = {
  ...{ step: 'idle', names: 0, claim: 0, toFence: [], toEnd: [], end: 0, version: 0, producer: 0 },
};

export function firstState({ nodes, older: hasOlder }: Bounds): State {
  const olderOne: ModelNode = { ...idle, step: 'open', names: Number.POSITIVE_INFINITY };
  return {
    nodes: [...Array.from({ length: nodes }, () => idle), ...(hasOlder ? [olderOne] : [])],
    starts: hasOlder ? { [older]: 1 } : {},
    claims: hasOlder ? [] : [{ name: older, live: false }],
    ...{ lane: [], late: [] },
  };
}

/** The same for equal states. */
export function keyOf({ nodes, starts, lane, claims, late }: State): string {
  const nodesKey = nodes.map((node) => Object.values(node).join(' ')).join();
  const laneKey = lane.map(({ producer, number, status }) => producer + number + status).join();
  const recordsKey = (some: readonly ClaimRecord[]) =>
    some.map(({ name, live }) => (live ? name : `no ${name}`)).join();
  const fenced = Object.keys(starts).filter((id) => starts[id] === 2);
  return [nodesKey, laneKey, recordsKey(claims), recordsKey(late), fenced.sort()].join('|');
}

/** Whether every committed event follows the one before it. */
export const isInOrder = ({ lane }: State): boolean =>
  lane.filter(({ status }) => status === 'committed').every(({ number }, at) => number === at + 1);

/** All states that may come next; random histories have few faults, or they would end early. */
export function nextStates(state: State, protocol: Protocol, bounds: Bounds) {
  const moves = state.nodes.map((_, at) => new Moves(state, at, protocol, bounds));
  return {
    usual: within(bounds, [...moves.flatMap((move) => move.usual()), ...landed(state)]),
    faults: within(bounds, [...moves.flatMap((move) => move.faults()), ...compacted(state)]),
  };
}

const within = (bounds: Bounds, states: readonly State[]): State[] =>
  states.filter(
    ({ claims, lane, late }) =>
      claims.length <= bounds.claims + 1 &&
      lane.length <= bounds.events &&
      late.length <= bounds.late,
  );

/** A record whose answer was lost comes to the log, or never does. */
const landed = (state: State): State[] =>
  state.late.flatMap((record, at) => {
    const late = state.late.toSpliced(at, 1);
    return [
      { ...state, late, claims: [...state.claims, record] },
      { ...state, late },
    ];
  });

/** Kafka may remove any record with a later one of its name, and then a tombstone, too. */
const compacted = (state: State): State[] =>
  state.claims.flatMap(({ name, live }, at) => {
    const isOld = state.claims.some((other, place) => place > at && other.name === name);
    if (!isOld && (live || name === older)) return [];
    const nodes = state.nodes.map((node) =>
      node.claim > at ? { ...node, claim: node.claim - 1 } : node,
    );
    return [{ ...state, nodes, claims: state.claims.toSpliced(at, 1) }];
  });

/** What one node may do next. */
class Moves {
  readonly #state: State;
  readonly #at: number;
  readonly #node: ModelNode;
  readonly #protocol: Protocol;
  readonly #bounds: Bounds;
  readonly #name: string;
  readonly #producers: string[];

  constructor(state: State, at: number, protocol: Protocol, bounds: Bounds) {
    this.#state = state;
    this.#at = at;
    this.#node = state.nodes[at] as ModelNode;
    this.#protocol = protocol;
    this.#bounds = bounds;
    const isOlder = at >= bounds.nodes;
    this.#name = isOlder ? older : `${at}-${this.#node.names}`;
    this.#producers = isOlder ? [older] : [...protocol.producersOf(this.#name)];
  }

  usual(): State[] {
    switch (this.#node.step) {
      case 'idle':
        return [...this.#start(), ...this.#timeout()];
      case 'named':
        return this.#protocol.claimsLast ? [this.#read('fencing')] : this.#claim();
      case 'claimed':
        return [this.#read('fencing')];
      case 'fencing':
        return this.#fence();
      case 'folding':
        return this.#fold();
      case 'open':
        return [...this.#produce(), ...this.#release(), ...this.#endClaims()];
      case 'producing':
        return this.#commit();
    }
  }

  /** It dies, or an answer is lost. */
  faults(): State[] {
    const { step, names } = this.#node;
    if (step === 'idle') return [];
    const lost = { named: () => this.#loseClaim(), open: () => this.#loseEnds() } as const;
    const more = step === 'named' || step === 'open' ? lost[step]() : [];
    const gone = { ...idle, names };
    if (step !== 'producing') return [...more, this.#to(gone)];
    // It committed, but nobody knows: the name is not used any more.
    return [this.#to(gone), ...this.#ended('committed').map((ended) => this.#to(gone, ended))];
  }

  #to(node: Partial<ModelNode>, changes: Partial<State> = {}): State {
    const nodes = this.#state.nodes.with(this.#at, { ...this.#node, ...node });
    return { ...this.#state, nodes, ...changes };
  }

  #start(): State[] {
    const { names } = this.#node;
    if (names >= this.#bounds.names) return [];
    const started = this.#protocol.producersOf(`${this.#at}-${names + 1}`);
    const starts = { ...this.#state.starts, ...Object.fromEntries(started.map((id) => [id, 1])) };
    return [this.#to({ ...idle, step: 'named', names: names + 1 }, { starts })];
  }

  /** Kafka ends the transactions of a process that is gone. */
  #timeout(): State[] {
    return this.#producers
      .filter((id) => this.#state.lane.some((one) => one.producer === id && one.status === 'open'))
      .map((id) => ({ ...this.#state, ...this.#fenced(id) }));
  }

  #fenced(id: string): Pick<State, 'lane' | 'starts'> {
    const { lane, starts } = this.#state;
    return {
      starts: { ...starts, [id]: 2 },
      lane: lane.map((one) =>
        one.producer === id && one.status === 'open' ? { ...one, status: 'aborted' } : one,
      ),
    };
  }

  #claim(): State[] {
    const { claims } = this.#state;
    const claimed = { claims: [...claims, { name: this.#name, live: true }] };
    return [this.#to({ step: 'claimed', claim: claims.length }, claimed)];
  }

  /** It tries again. */
  #loseClaim(): State[] {
    return [this.#to({}, { late: [...this.#state.late, { name: this.#name, live: true }] })];
  }

  #read(step: Step): State {
    const { claims, lane } = this.#state;
    const { namesToFence, claimsToEnd, producersOf, claimsLast, fencesOne } = this.#protocol;
    const before = claims.slice(0, claimsLast ? claims.length : this.#node.claim);
    const found = { before, own: new Set([this.#name]), unclaimed: older };
    const names = namesToFence(found);
    const toFence = names.flatMap((name) =>
      name === older ? [older] : producersOf(name).slice(0, fencesOne ? 1 : 2),
    );
    const toEnd = claimsToEnd(found, new Set(names));
    return this.#to({ step, toFence, toEnd, end: lane.length });
  }

  #fence(): State[] {
    const { toFence, end } = this.#node;
    const { endsEarly, fencesNobody } = this.#protocol;
    if (toFence.length === 0) {
      return [this.#to({ step: 'folding', end: endsEarly ? end : this.#state.lane.length })];
    }
    return toFence.map((id, at) =>
      this.#to({ toFence: toFence.toSpliced(at, 1) }, fencesNobody ? {} : this.#fenced(id)),
    );
  }

  /** Nobody reads past a transaction that is still open. */
  #fold(): State[] {
    const { lane, claims } = this.#state;
    const below = lane.slice(0, this.#node.end);
    if (below.some(({ status }) => status === 'open')) return [];
    const version = below.filter(({ status }) => status === 'committed').length;
    const isLast = this.#protocol.claimsLast;
    const record = { name: this.#name, live: true };
    const claimed = isLast ? { claims: [...claims, record] } : {};
    return [this.#to({ step: 'open', version, end: 0 }, claimed)];
  }

  #produce(): State[] {
    const { lane, starts } = this.#state;
    return this.#producers.flatMap((id, producer) => {
      if (starts[id] !== 1) return [];
      const one: ModelEvent = { producer: id, number: this.#node.version + 1, status: 'open' };
      return [this.#to({ step: 'producing', producer }, { lane: [...lane, one] })];
    });
  }

  #commit(): State[] {
    const again = { step: 'open', producer: 0 } as const;
    const version = this.#node.version + 1;
    return [
      ...this.#ended('committed').map((ended) => this.#to({ ...again, version }, ended)),
      ...this.#ended('aborted').map((ended) => this.#to(again, ended)),
    ];
  }

  /** Its transaction ends so, unless the producer was fenced. */
  #ended(status: Status): Pick<State, 'lane'>[] {
    const id = this.#producers[this.#node.producer] as string;
    const { lane, starts } = this.#state;
    if (starts[id] !== 1) return [];
    const isOwn = (one: ModelEvent) => one.producer === id && one.status === 'open';
    return [{ lane: lane.map((one) => (isOwn(one) ? { ...one, status } : one)) }];
  }

  /** Gives the lane up, and keeps its producers for other lanes. */
  #release(): State[] {
    if (this.#name === older) return [];
    const given = { claims: [...this.#state.claims, { name: this.#name, live: false }] };
    return [this.#to({ ...idle, step: 'named', names: this.#node.names }, given)];
  }

  #endClaims(): State[] {
    return this.#node.toEnd.map((name, at) => {
      const toEnd = this.#node.toEnd.toSpliced(at, 1);
      return this.#to({ toEnd }, { claims: [...this.#state.claims, { name, live: false }] });
    });
  }

  /** The record may come late: a node that has given a lane up doesn't use the name any more. */
  #loseEnds(): State[] {
    const { names, toEnd } = this.#node;
    const lost = (name: string) => ({ late: [...this.#state.late, { name, live: false }] });
    const released = this.#name === older ? [] : [this.#to({ ...idle, names }, lost(this.#name))];
    return [
      ...released,
      ...toEnd.map((name, at) => this.#to({ toEnd: toEnd.toSpliced(at, 1) }, lost(name))),
    ];
  }
}
