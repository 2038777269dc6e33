import type { TopicLane } from '#kernel/log/log.ts';
import type { Tenure } from '#kernel/writer/claims/tenure.ts';
import type { Committer } from '#kernel/writer/committer.ts';

export type BusyLanes = {
  /** When a lane was served last: a `performance.now()`. */
  last(lane: number): number;
  count(lane: number): number;
  /** The longest time in which a lane was not served, in milliseconds. */
  gap(lane: number, from: number, to: number): number;
  /** Under which the lanes are appended to; the last one of several. */
  tenures: Set<Tenure>;
  stop(): Promise<void>;
};

/** A node that takes lanes and appends to them, one record after the other, whatever happens. */
export function busyLanes(node: Committer, topic: string, lanes: readonly number[]): BusyLanes {
  const served = new Map(lanes.map((lane) => [lane, [] as number[]]));
  const timesOf = (lane: number) => served.get(lane) as number[];
  const tenures = new Set<Tenure>();
  let isDone = false;
  const serve = async (lane: number) => {
    const at: TopicLane = { topic, lane };
    const record = { ...at, key: 'k', value: Buffer.from('v'), timestamp: 1 };
    for (let tenure: Tenure | null = null; !isDone; ) {
      try {
        tenure ??= (await node.take(lane, [at])).tenure;
        tenures.add(tenure);
        await node.commit(tenure, [at], { form: () => [record], late: () => [] });
        timesOf(lane).push(performance.now());
      } catch {
        if (tenure?.over.aborted) tenure = null;
      }
    }
  };
  const serving = lanes.map(serve);
  return {
    last: (lane) => timesOf(lane).at(-1) ?? 0,
    count: (lane) => timesOf(lane).length,
    gap(lane, from, to) {
      const between = timesOf(lane).filter((time) => time > from && time < to);
      const moments = [from, ...between, to];
      return Math.max(...moments.slice(1).map((at, before) => at - (moments[before] as number)));
    },
    tenures,
    async stop() {
      isDone = true;
      await Promise.all(serving);
    },
  };
}
