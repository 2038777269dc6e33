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

/** The rules that the nodes follow; a test changes them, one at a time. */
export type Protocol = {
  namesToFence: typeof namesToFence;
  claimsToEnd: typeof claimsToEnd;
  producersOf: typeof producersOf;
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

export type Step = 'idle' | 'named' | 'claimed' | 'fencing' | 'folding' | 'open' | 'producing';

export type ModelNode = {
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

export type Status = 'open' | 'committed' | 'aborted';
export type ModelEvent = { producer: string; number: number; status: Status };

export type State = {
  nodes: ModelNode[];
  /** 1 for a producer that its owner has started, 2 once somebody else did, which fences it. */
  starts: Record<string, number>;
  lane: ModelEvent[];
  claims: ClaimRecord[];
  late: ClaimRecord[];
};

export const older = 'older';
export const idle: ModelNode = {
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
