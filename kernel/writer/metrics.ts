import { Counter, Gauge, type Registry } from 'prom-client';
import { messagingLabels } from '../tracing/messaging-metrics.ts';
import type { LaneStatus, Lanes } from './lanes.ts';

const sent = messagingLabels('send');

/** The metrics of the lanes that this node writes. */
export function laneMetrics(
  registry: Registry,
  lanes: Pick<Lanes, 'status' | 'transactions'>,
): void {
  const gauge = (name: string, help: string, value: (lane: LaneStatus) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['lane'],
      registers: [registry],
      collect() {
        this.reset();
        for (const lane of lanes.status()) this.set({ lane: lane.lane }, value(lane));
      },
    });
  gauge('writer_lane_open', '1 while the lane takes commands here', ({ open }) => (open ? 1 : 0));
  gauge('writer_lane_waiting', 'Commands that wait for their lane', ({ waiting }) => waiting);
  gauge('writer_lane_hot_streams', 'Streams in memory', ({ hot }) => hot);
  gauge('writer_lane_dirty_streams', 'Streams not yet in write_state', ({ dirty }) => dirty);
  const counter = (name: string, help: string, value: (lane: LaneStatus) => number) =>
    new Counter({
      name,
      help,
      labelNames: ['lane'],
      registers: [registry],
      collect() {
        this.reset();
        for (const lane of lanes.status()) this.inc({ lane: lane.lane }, value(lane));
      },
    });
  counter('writer_commands_total', 'Commands that were decided', ({ commands }) => commands);
  counter('writer_events_total', 'Events that were appended', ({ events }) => events);
  const inDoubt = 'Transactions of which it was not known whether they had committed';
  counter('writer_in_doubt_total', inDoubt, (lane) => lane.inDoubt);
  counter('writer_fenced_total', 'Times another node had taken the lane', ({ fenced }) => fenced);
  new Counter({
    name: 'writer_transactions_total',
    help: 'Transactions that committed, each for all lanes that had events',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(lanes.transactions());
    },
  });
  new Counter({
    name: 'messaging_client_sent_messages_total',
    help: 'Events that were appended, by the names of OpenTelemetry’s conventions',
    labelNames: Object.keys(sent),
    registers: [registry],
    collect() {
      this.reset();
      for (const { events } of lanes.status()) this.inc(sent, events);
    },
  });
}
