import type { OpsEvent } from '../contract.ts';
import type { Projection } from '../system.ts';

/** What a request brought about, as steps on a line of time whose idle parts are cut short. */

export type Step = {
  /** The events that one command made: one transaction has them all. */
  events: readonly OpsEvent[];
  /** How many commands lead to it. */
  depth: number;
  at: number;
  /** How long after the step before it, on its own way. */
  afterMs: number;
};

export function stepsOf(events: readonly OpsEvent[]): Step[] {
  const byCommand = Map.groupBy(events, ({ commandid, id }) => commandid ?? id ?? '');
  const commandOf = new Map(events.map(({ id, commandid }) => [id, commandid ?? id ?? '']));
  const depths = new Map<string, number>();
  const depthOf = (command: string, seen = new Set<string>()): number => {
    const known = depths.get(command);
    if (known !== undefined) return known;
    const cause = byCommand.get(command)?.[0]?.causationid;
    const parent = cause ? commandOf.get(cause) : undefined;
    const isRoot = parent === undefined || parent === command || seen.has(parent);
    const depth = isRoot ? 0 : depthOf(parent, seen.add(command)) + 1;
    depths.set(command, depth);
    return depth;
  };
  const steps = [...byCommand].map(([command, made]) => ({
    events: made,
    depth: depthOf(command),
    at: Math.min(...made.map(({ time }) => Date.parse(time))),
  }));
  steps.sort((a, b) => a.at - b.at || a.depth - b.depth);
  return steps.map((step, index) => ({
    ...step,
    afterMs: step.at - (steps[index - 1]?.at ?? step.at),
  }));
}

/** A pause longer than this many times the shortest is cut. */
const longest = 6;

/** @returns where each step is, from 0 to 1, and which pauses were cut. */
export function placesOf(steps: readonly Step[]): { place: number; isCut: boolean }[] {
  const pauses = steps.map(({ afterMs }) => afterMs);
  const shortest = Math.max(1, Math.min(...pauses.filter((pause) => pause > 0)));
  const shown = pauses.map((pause) => Math.min(pause, shortest * longest));
  const whole = Math.max(
    1,
    shown.reduce((sum, pause) => sum + pause, 0),
  );
  let passed = 0;
  return shown.map((pause, index) => {
    passed += pause;
    return { place: passed / whole, isCut: pause < (pauses[index] ?? 0) };
  });
}

/** The views that read an event's topic, and whether they have passed it. */
export function viewsOf(
  event: Pick<OpsEvent, 'topic' | 'lane' | 'offset'>,
  projections: readonly Projection[],
): { view: string; name: string; hasPassed: boolean }[] {
  return projections.flatMap(({ view, name, lanes }) => {
    const lane = lanes.find((one) => one.lane === event.lane);
    const next = lane && nextOf(lane.positions, event.topic);
    return next === undefined ? [] : [{ view, name, hasPassed: next > event.offset }];
  });
}

/** Positions have topics as the log names them, with the system's prefix. */
export function nextOf(positions: Readonly<Record<string, number>>, topic: string) {
  const found = Object.entries(positions).find(
    ([name]) => name === topic || name.endsWith(`.${topic}`),
  );
  return found?.[1];
}
