import { expect, it } from 'vitest';
import { LaneBoard, type LaneToBuild } from './lane-board.ts';

const lanes: LaneToBuild[] = [
  [0, { depots: 10, parcels: 200 }],
  [2, { depots: 0, parcels: 300 }],
  [5, { depots: 40, parcels: 0 }],
];

/** The board as each of two threads has it. */
function twoThreads() {
  const board = LaneBoard.of(lanes);
  return [board, new LaneBoard(structuredClone(board.shared))] as const;
}

it('a lane is taken by one thread alone, when it asks', () => {
  const [one, other] = twoThreads();
  const [ofOne, ofOther] = [one.free(), other.free()];
  expect(ofOne.next().value).toBe(0);
  expect(ofOther.next().value).toBe(1);
  expect(ofOther.next().value).toBe(2);
  expect([ofOne.next().done, ofOther.next().done]).toEqual([true, true]);
});

it('every thread sees how far all lanes are', () => {
  const [one, other] = twoThreads();
  one.read(0, { events: 90, passed: 100 });
  other.read(1, { events: 5, passed: 7 });
  other.read(1, { events: 50, passed: 70 });
  for (const board of [one, other]) {
    expect(board.progress).toEqual({ events: 140, passed: 170, of: 550 });
  }
});

it('a lane that was taken and is not built is known to all', () => {
  const [one, other] = twoThreads();
  expect([...other.free()]).toEqual([0, 1, 2]);
  other.built(1, { events: 299, documents: 12, parked: 3 });
  expect(one.unbuilt()).toEqual([0, 2]);
  expect(one.total).toEqual({ events: 299, documents: 12, parked: 3 });
});
