import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Bounds, ContendedLanes, type Move } from '../../testing/contended-lanes.ts';
import { Claims } from './claims.ts';
import { Fences } from './fences.ts';

/**
 * The real writers of several nodes, from the claim to the last transaction, on a log whose answers
 * come in any order, late or never, while nodes die at any moment: every history within small
 * bounds, and random ones beyond them. Of each lane only one node may write; who decides knows all
 * that was committed; what was answered stays, once; and the lane can be taken again in the end.
 */

// Immediates stay real: between two moves the nodes do what they can do at once.
const toFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const;
beforeEach(() => void vi.useFakeTimers({ toFake: [...toFake] }));
afterEach(() => void vi.useRealTimers());

const runs = Number(process.env.MODEL_RUNS ?? 150);
const firstSeed = Number(process.env.FAULT_SEED ?? 1);

const quiet: Bounds = {
  ...{ nodes: 2, lanes: 1, names: 1, commands: 0, olderCommands: 0, drains: 0, returns: 0 },
  ...{ kills: 0, losses: 0, refusals: 0, expiries: 0, compactions: 0, naps: 0 },
};

async function begun(bounds: Bounds): Promise<ContendedLanes> {
  vi.clearAllTimers();
  const lanes = new ContendedLanes(bounds, (ms) => void vi.advanceTimersByTime(ms));
  await lanes.settle();
  return lanes;
}

/** Goes through all histories, or so many, in any order. @returns whether these were all. */
async function explored(bounds: Bounds, limit = Number.POSITIVE_INFINITY): Promise<boolean> {
  const random = seeded(firstSeed);
  const seen = new Set<string>();
  const open: number[][] = [[]];
  for (let count = 0; count < limit && open.length > 0; count += 1) {
    const [path = []] = open.splice(Math.floor(random() * open.length), 1);
    const lanes = await begun(bounds);
    for (const at of path) await lanes.makeWhole(different(lanes)[at] as Move);
    for (let key = lanes.key(); !seen.has(key); key = lanes.key()) {
      seen.add(key);
      const moves = different(lanes);
      for (let at = 1; at < moves.length; at += 1) open.push([...path, at]);
      if (!moves[0] || lanes.wrong) break;
      await lanes.makeWhole(moves[0]);
      path.push(0);
    }
    if (!lanes.wrong) await lanes.end({ survives: false });
    if (lanes.wrong) expect.fail(lanes.wrong);
  }
  return open.length === 0;
}

/** Leaves out histories that differ only in when something private happens. */
function different(lanes: ContendedLanes): Move[] {
  const moves = lanes.moves();
  const first = moves.find((move) => lanes.isPrivate(move));
  return first ? moves.filter(({ sent }) => sent === first.sent) : moves;
}

const everything: Bounds = {
  ...{ nodes: 2, lanes: 2, names: 1e9, commands: 12, olderCommands: 3, drains: 3, returns: 3 },
  ...{ kills: 2, losses: 3, refusals: 3, expiries: 2, compactions: 4, naps: 2 },
};
const movesOfWalk = 150;

/** Follows a random history. Some requests are slow: much happens before they are answered. */
async function walked(bounds: Bounds, seed: number): Promise<void> {
  const random = seeded(seed);
  const [slowness, isWhole, survives] = [random() * 0.2, random() < 0.7, random() < 0.3];
  const quick = new WeakMap<object, boolean>();
  const lanes = await begun(bounds);
  for (let move = 0; move < movesOfWalk && !lanes.wrong; move += 1) {
    const all = lanes.moves();
    for (const { sent } of all) {
      if (sent && !quick.has(sent)) quick.set(sent, random() >= slowness);
    }
    const groups = groupsOf(all, ({ sent }) => !sent || (quick.get(sent) ?? true));
    const kinds = orders.find(([upTo]) => random() < upTo)?.[1] ?? usually;
    const moves = kinds.map((kind) => groups[kind]).find((some) => some && some.length > 0);
    if (!moves) break;
    const next = moves[Math.floor(random() * moves.length)] as Move;
    await (isWhole ? lanes.makeWhole(next) : lanes.make(next));
  }
  if (!lanes.wrong) await lanes.end({ survives });
  if (lanes.wrong) expect.fail(`FAULT_SEED=${seed}: ${lanes.wrong}`);
}

type Group = 'answers' | 'asked' | 'faults' | 'slow' | 'time';

const usually: Group[] = ['answers', 'time', 'slow', 'asked', 'faults'];
/** What comes first, so often of the times that are left. */
const orders: [number, Group[]][] = [
  [0.05, ['faults', ...usually]],
  [0.12, ['asked', ...usually]],
  [0.03, ['slow', ...usually]],
  [0.03, ['time', ...usually]],
];

const groupsOf = (moves: readonly Move[], isQuick: (move: Move) => boolean) =>
  Object.groupBy(moves, (move): Group => {
    const { kind } = move;
    if (kind === 'answered' || kind === 'late') return isQuick(move) ? 'answers' : 'slow';
    return kind === 'asked' || kind === 'time' ? (kind === 'time' ? 'time' : 'asked') : 'faults';
  });

/** Numbers in [0, 1) that are the same in every run. */
function seeded(seed: number): () => number {
  let state = Math.imul(seed, 2_654_435_761);
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function walkedOften(bounds: Bounds): Promise<void> {
  for (let walk = 0; walk < runs; walk += 1) await walked(bounds, firstSeed + walk);
}

describe('a lane has one writer, which knows all of it, and loses nothing', () => {
  it('in every history of two nodes that take it', async () => {
    expect(await explored(quiet)).toBe(true);
  });

  it.each<[string, Partial<Bounds>]>([
    ['dies at any moment', { kills: 1 }],
    ['gets no answer at any moment', { losses: 1 }],
    ['gives it up at any moment, and takes it again', { drains: 1, returns: 1 }],
    ['takes it again under a second name', { names: 2 }],
  ])('in histories of two nodes of which one %s', async (_, more) => {
    await explored({ ...quiet, ...more }, runs);
  });

  it('in random histories in which all goes wrong', async () => {
    await walkedOften(everything);
  });

  it('in random histories of nodes that give it up and take it again', async () => {
    const none = { olderCommands: 0, kills: 0, expiries: 0, naps: 0 };
    await walkedOften({ ...everything, ...none, lanes: 1, drains: 8, returns: 8 });
  });

  it('in random histories of three nodes', async () => {
    await walkedOften({ ...everything, nodes: 3, lanes: 1, olderCommands: 0 });
  });
});

describe('a history goes wrong', () => {
  afterEach(() => void vi.restoreAllMocks());

  it.each<[string, () => unknown]>([
    [
      'no node claims a lane',
      () => vi.spyOn(Claims.prototype, 'claim').mockResolvedValue(Number.MAX_SAFE_INTEGER),
    ],
    [
      'no node looks who has claimed it before',
      () => vi.spyOn(Claims.prototype, 'before').mockResolvedValue([]),
    ],
    [
      'no node appends a barrier',
      () =>
        vi
          .spyOn(Fences.prototype, 'barrier')
          .mockImplementation(async (_, lanes) => lanes.map((lane) => ({ ...lane, next: 0 }))),
    ],
  ])('if %s', async (_, leaveOut) => {
    leaveOut();
    await expect(explored(quiet)).rejects.toThrow(/^lane 0 has|decides on/);
  });
});
