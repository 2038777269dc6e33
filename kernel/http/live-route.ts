import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import type { Live } from '../live/live.ts';
import type { LiveSeats, Sitter } from '../live/live-seats.ts';
import { isPrivate, type LiveViews } from '../live/live-view.ts';
import { accessFor, accessForAnybody } from './authenticated.ts';
import { input } from './input.ts';
import { clientAddress } from './rate-limits.ts';

export type LiveRouteOptions = { live: Live; seats: LiveSeats; views: LiveViews };

/** The input of the route: which views to follow. */
export const liveInput = (views: LiveViews) => {
  const known = Object.keys(views);
  const isKnown = (names: readonly string[]) => names.every((name) => known.includes(name));
  return z.object({
    views: z
      .union([z.string(), z.array(z.string())])
      .transform((names) => [...new Set([names].flat().flatMap((text) => text.split(',')))].sort())
      .refine(isKnown, `has to be a list out of ${known.join(', ')}`),
  });
};

/** A stream of server-sent events: what changes in the views that the client names. */
export function liveRoute({ live, seats, views }: LiveRouteOptions): RequestHandler {
  const inputOf = input(liveInput(views));
  const checkCaller = accessFor(null);
  return async (req, res) => {
    accessForAnybody(req);
    const { views: names } = inputOf(req);
    if (names.some((name) => isPrivate(views[name]!))) checkCaller(req);
    if (req.method === 'HEAD') return void res.type('text/event-stream').end();
    // Who has left while the token was checked would never give the seat back.
    if (res.closed) return;
    let leave = seats.take(sitterOf(req));
    let isClosed = false;
    const giveBack = leave;
    res.once('close', () => {
      isClosed = true;
      leave();
    });
    try {
      const lastEventId = req.get('Last-Event-ID');
      const { caller } = req;
      const end = await live.join({ names, caller, lastEventId }, () => {
        res.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
        res.setHeader('Cache-Control', 'no-store, no-transform');
        // nginx would keep messages back until it has a few kilobytes of them.
        res.setHeader('X-Accel-Buffering', 'no');
        res.setHeader('Vary', 'Authorization');
        // The stream ends with its connection: so a message is the same bytes for every client.
        res.setHeader('Connection', 'close');
        res.useChunkedEncodingByDefault = false;
        return res;
      });
      leave = () => {
        end();
        giveBack();
      };
      if (isClosed) leave();
    } catch (error) {
      giveBack();
      throw error;
    }
  };
}

/**
 * An address is no client if a proxy is known to stand before it and isn't trusted: all clients
 * behind the proxy have its address.
 */
function sitterOf(req: Request): Sitter {
  if (req.caller) return { user: req.caller.userId };
  const isBehindUnknownProxy =
    req.headers['x-forwarded-for'] !== undefined && req.app.get('trust proxy') === false;
  return { address: isBehindUnknownProxy ? null : clientAddress(req) };
}
