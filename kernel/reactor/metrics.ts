import { Counter, Gauge, type Registry } from 'prom-client';
import type { LaneStatus } from '../following/follow-lane.ts';
import { countConsumed } from '../tracing/messaging-metrics.ts';
import type { ReactorLag } from './lag.ts';

/** The figures of a reactor that are published. */
export type MeasuredReactor = {
  readonly name: string;
  /** As last measured. */
  readonly lag: ReactorLag | null;
  /** By lane; only lanes that this process works. */
  readonly statuses: ReadonlyMap<number, LaneStatus>;
  /** Commands answered since this process began. */
  readonly answered: { done: number; refused: number };
  /** Events handed to it since this process began; none if it follows no log. */
  readonly events?: number;
};

/** The lag of reactors, and the outcomes of their commands, for Prometheus. */
export function publishMetrics(registry: Registry, reactors: readonly MeasuredReactor[]): void {
  const gauge = (
    name: string,
    help: string,
    labelNames: string[],
    fill: (into: Gauge, reactor: MeasuredReactor) => void,
  ) =>
    new Gauge({
      ...{ name, help, labelNames, registers: [registry] },
      collect() {
        this.reset();
        for (const reactor of reactors) fill(this, reactor);
      },
    });
  const lag = 'Offsets that a lane has to go';
  gauge('reactor_lag_events', lag, ['reactor', 'lane'], (into, { name: reactor, lag }) => {
    for (const [lane, behind] of (lag?.behind ?? []).entries()) into.set({ reactor, lane }, behind);
  });
  const unreadable = 'Events that could not be read; tried again whenever their lane is taken';
  gauge('reactor_parked_events', unreadable, ['reactor'], (into, { name: reactor, lag }) => {
    into.set({ reactor }, lag?.parked ?? 0);
  });
  const stopped = 'Lanes of this process that go on only when somebody has mended them';
  gauge(
    'reactor_lane_stopped',
    stopped,
    ['reactor', 'lane'],
    (into, { name: reactor, statuses }) => {
      for (const [lane, status] of statuses) into.set({ reactor, lane }, status.stopped ? 1 : 0);
    },
  );
  new Counter({
    name: 'reactor_commands_total',
    help: 'Commands that were answered, by what came of them',
    labelNames: ['reactor', 'outcome'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name: reactor, answered } of reactors) {
        this.inc({ reactor, outcome: 'done' }, answered.done);
        this.inc({ reactor, outcome: 'refused' }, answered.refused);
      }
    },
  });
  countConsumed(registry, () => reactors.reduce((sum, { events = 0 }) => sum + events, 0));
}
