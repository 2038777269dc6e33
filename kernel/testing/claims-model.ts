import {
  type Bounds,
  idle,
  type ModelEvent,
  type ModelNode,
  older,
  type Protocol,
  type State,
  type Status,
} from './claims-state.ts';

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
        return this.#claim();
      case 'claimed':
        return [this.#read()];
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

  #read(): State {
    const { claims } = this.#state;
    const { namesToFence, claimsToEnd, producersOf } = this.#protocol;
    const before = claims.slice(0, this.#node.claim);
    const found = { before, own: new Set([this.#name]), unclaimed: older };
    const names = namesToFence(found);
    const toFence = names.flatMap((name) => (name === older ? [older] : producersOf(name)));
    const toEnd = claimsToEnd(found, new Set(names));
    return this.#to({ step: 'fencing', toFence, toEnd });
  }

  #fence(): State[] {
    const { toFence } = this.#node;
    if (toFence.length === 0) {
      return [this.#to({ step: 'folding', end: this.#state.lane.length })];
    }
    return toFence.map((id, at) =>
      this.#to({ toFence: toFence.toSpliced(at, 1) }, this.#fenced(id)),
    );
  }

  /** Nobody reads past a transaction that is still open. */
  #fold(): State[] {
    const below = this.#state.lane.slice(0, this.#node.end);
    if (below.some(({ status }) => status === 'open')) return [];
    const version = below.filter(({ status }) => status === 'committed').length;
    return [this.#to({ step: 'open', version, end: 0 })];
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
