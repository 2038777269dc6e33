import express, { type Router } from 'express';
import type { MongoClient } from 'mongodb';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Config } from '../config.ts';
import { liveRoute } from '../http/live-route.ts';
import { Live } from './live.ts';
import { LiveFeed } from './live-feed.ts';
import { LiveSeats, liveLimitsOf } from './live-seats.ts';
import type { LiveViews } from './live-view.ts';

/** Where clients follow which views. */
export type LiveDefinition = { route: `GET /${string}`; views: LiveViews };

type Options = {
  client: MongoClient;
  database: string;
  /** The id of the log that the views are made from. */
  log: string;
  config: Config;
  registry: Registry;
};

/** The route of the live stream. `close` ends all streams, and lets none begin. */
export function openLive(
  { route, views }: LiveDefinition,
  { client, database, log, config, registry }: Options,
): { routes: Router; close(): Promise<void> } {
  const live = new Live(new LiveFeed(client.db(database), log, views), log, views);
  const seats = new LiveSeats(liveLimitsOf(config));
  measure(live, seats, registry);
  const path = route.slice('GET '.length);
  const routes = express.Router().get(path, liveRoute({ live, seats, views }));
  return { routes, close: () => live.close() };
}

function measure(live: Live, seats: LiveSeats, registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: 'live_streams',
    help: 'Live streams that are open',
    registers,
    collect() {
      this.set(seats.taken);
    },
  });
  let counted = 0;
  new Counter({
    name: 'live_dropped_total',
    help: 'Changes that clients were not told one by one, since they took the stream too slowly',
    registers,
    collect() {
      this.inc(live.dropped - counted);
      counted = live.dropped;
    },
  });
}
