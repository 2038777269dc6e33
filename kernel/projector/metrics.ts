import { Counter, Gauge, type Registry } from 'prom-client';
import { countConsumed } from '../tracing/messaging-metrics.ts';
import type { LaneLag, ViewLag } from './lag.ts';
import type { ViewProjector } from './view-projector.ts';

/** The lag of views, and the state of the lanes worked here, for Prometheus. */
export function publishMetrics(
  registry: Registry,
  views: readonly ViewProjector[],
  lag: () => readonly ViewLag[],
): void {
  const gauge = (name: string, help: string, labelNames: string[], fill: (into: Gauge) => void) =>
    new Gauge({
      ...{ name, help, labelNames, registers: [registry] },
      collect() {
        this.reset();
        fill(this);
      },
    });
  const perLane = (name: string, help: string, value: keyof LaneLag) =>
    gauge(name, help, ['view', 'lane'], (into) => {
      for (const { view, lanes } of lag()) {
        for (const lane of lanes) into.set({ view, lane: lane.lane }, lane[value]);
      }
    });
  perLane('projector_lag_events', 'Offsets that a lane has to go', 'eventsBehind');
  perLane('projector_lag_seconds', 'Age of what a lane has not folded yet', 'secondsBehind');
  perLane('projector_stalled_seconds', 'The head moves and this lane does not', 'stalledSeconds');
  const parked = 'Dead letters of the generation that is served';
  gauge('projector_parked_events', parked, ['view'], (into) => {
    for (const one of lag()) into.set({ view: one.view }, one.parked);
  });
  const stopped = 'Lanes of this process that go on only when somebody has mended them';
  gauge('projector_lane_stopped', stopped, ['view', 'lane'], (into) => {
    for (const { view, statuses } of views) {
      for (const [lane, status] of statuses) into.set({ view, lane }, status.stopped ? 1 : 0);
    }
  });
  new Counter({
    name: 'projector_events_total',
    help: 'Events passed by the lanes that this process worked',
    labelNames: ['view'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { view, passed } of views) this.inc({ view }, passed);
    },
  });
  countConsumed(registry, () => views.reduce((sum, { passed }) => sum + passed, 0));
}
