import { describe, expect, it } from 'vitest';
import { nextStates } from '../../testing/claims-model.ts';
import {
  type Bounds,
  firstState,
  isInOrder,
  keyOf,
  type Protocol,
  type State,
  type Step,
} from '../../testing/claims-state.ts';
import { claimsToEnd, namesToFence, producersOf } from './protocol.ts';

/**
 * What the rules make of all that can happen to a lane, within bounds, and random histories beyond
 * them. The steps are the model's own; `takeover-model.unit.spec.ts` follows the real ones.
 */

const protocol: Protocol = { namesToFence, claimsToEnd, producersOf };

const small: Bounds = { nodes: 2, names: 1, events: 2, claims: 2, late: 1, older: false };
const large: Bounds = { nodes: 2, names: 6, events: 20, claims: 30, late: 1, older: true };
const given: Bounds = { ...large, late: 0, older: false };
const walks = Number(process.env.MODEL_RUNS ?? 100);

/** @returns how many states there are, all of them in order. */
function explored(followed: Protocol, bounds: Bounds): number {
  const first = firstState(bounds);
  const seen = new Set([keyOf(first)]);
  const open = [first];
  for (let state = open.pop(); state; state = open.pop()) {
    const { usual, faults } = nextStates(state, followed, bounds);
    for (const next of [...usual, ...faults]) {
      const key = keyOf(next);
      if (seen.has(key)) continue;
      if (!isInOrder(next)) expect.fail(JSON.stringify(next));
      seen.add(key);
      open.push(next);
    }
  }
  return seen.size;
}

/** Follows random histories. @returns the first state that is out of order. */
function walked(followed: Protocol, bounds: Bounds, { walks }: { walks: number }): State | null {
  const random = seeded(Number(process.env.FAULT_SEED ?? 7));
  for (let walk = 0; walk < walks; walk += 1) {
    let state: State = firstState(bounds);
    for (let step = 0; step < 400; step += 1) {
      const { usual, faults } = nextStates(state, followed, bounds);
      const isFault = usual.length === 0 || (faults.length > 0 && random() < 0.1);
      const next = isFault ? faults : usual;
      if (next.length === 0) break;
      state = next[Math.floor(random() * next.length)] as State;
      if (!isInOrder(state)) return state;
    }
  }
  return null;
}

/** Follows one history: which node comes to which step next. @returns its last state. */
function followed(protocol: Protocol, moves: readonly [node: number, ...steps: Step[]][]): State {
  let state = firstState(given);
  for (const [node, ...steps] of moves) {
    for (const step of steps) {
      const { usual, faults } = nextStates(state, protocol, given);
      const isMove = ({ nodes }: State) => nodes[node]?.step === step && nodes[node] !== before;
      const before = state.nodes[node];
      const next = [...usual, ...faults].find(isMove);
      if (!next) expect.fail(`node ${node} can't come to ${step}: ${JSON.stringify(state)}`);
      state = next;
    }
  }
  return state;
}

/** Numbers in [0, 1) that are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('committed events of a lane are in order', () => {
  it('in every state of two nodes, within small bounds', () => {
    expect(explored(protocol, small)).toBeGreaterThan(50_000);
  });

  it('in every state of a node that takes over from an older release', () => {
    const bounds = { ...small, nodes: 1, names: 2, late: 0, older: true };
    expect(explored(protocol, bounds)).toBeGreaterThan(50_000);
  });

  it.each([2, 3])('in long random histories of %i nodes', (nodes) => {
    expect(walked(protocol, { ...large, nodes }, { walks })).toBeNull();
  });
});

const endsAll: Protocol['claimsToEnd'] = ({ before, own }) =>
  [...new Set(before.map(({ name }) => name))].filter((name) => !own.has(name));

describe('they are not', () => {
  it.each<[string, Partial<Protocol>]>([
    ['nobody is fenced', { namesToFence: () => [] }],
    ['only the last name is fenced', { namesToFence: (found) => namesToFence(found).slice(-1) }],
    [
      'nodes of older releases are not fenced',
      { namesToFence: (found) => namesToFence(found).filter((name) => name !== found.unclaimed) },
    ],
  ])('if %s', (_, mutation) => {
    expect(walked({ ...protocol, ...mutation }, large, { walks: 2_000 })).not.toBeNull();
  });

  // Random histories take too long to find this one.
  it('if a taker ends claims of names that it has not fenced', () => {
    const takes = ['claimed', 'fencing', 'folding', 'open'] as const;
    const fencesAndTakes = ['claimed', 'fencing', 'fencing', 'fencing', 'folding', 'open'] as const;
    const last = followed({ ...protocol, claimsToEnd: endsAll }, [
      [0, 'named', ...takes, 'named'],
      [1, 'named', ...takes],
      [0, ...fencesAndTakes],
      // Node 1 ends the claim that node 0 has just made again, and so doesn't fence it later.
      [1, 'open', 'open', 'idle', 'named', ...fencesAndTakes],
      [0, 'producing', 'open'],
      [1, 'producing', 'open'],
    ]);
    expect(isInOrder(last)).toBe(false);
  });
});
