import { describe, expect, it } from 'vitest';
import type { OpsEvent } from '../contract.ts';
import { placesOf, stepsOf } from './steps.ts';

const begin = Date.parse('2026-01-02T18:00:00Z');
const hourMs = 3_600_000;

type Given = { id: string; atMs: number; command: string; cause?: string };

/** What a trace looks at of an event. */
const event = ({ id, atMs, command, cause }: Given) =>
  ({
    ...{ id, commandid: command, causationid: cause ?? null },
    time: new Date(begin + atMs).toISOString(),
  }) as OpsEvent;

describe('the steps of a trace', () => {
  const opened = event({ id: 'e1', atMs: 0, command: 'open' });
  const ordered = event({ id: 'e2', atMs: 20, command: 'order', cause: 'e1' });
  const told = event({ id: 'e3', atMs: 30, command: 'tell', cause: 'e2' });
  const resolved = event({ id: 'e4', atMs: hourMs, command: 'resolve' });

  it('are transactions, each below the one that brought it about', () => {
    const second = event({ id: 'e5', atMs: 0, command: 'open' });
    const steps = stepsOf([told, opened, ordered, second]);
    expect(steps.map(({ depth }) => depth)).toEqual([0, 1, 2]);
    expect(steps.map(({ afterMs }) => afterMs)).toEqual([0, 20, 10]);
    expect(steps[0]?.events).toEqual([opened, second]);
  });

  it('have their places in time, of which an idle hour is cut short', () => {
    const places = placesOf(stepsOf([opened, ordered, told, resolved]));
    expect(places.map(({ isCut }) => isCut)).toEqual([false, false, false, true]);
    const [first, second, third, last] = places.map(({ place }) => place);
    expect([first, last]).toEqual([0, 1]);
    // 20 ms, 10 ms, and 60 ms in place of an hour.
    expect(second).toBeCloseTo(20 / 90);
    expect(third).toBeCloseTo(30 / 90);
  });
});
