import { once } from 'node:events';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import express, { type RequestHandler, type Response, type Router } from 'express';
import { formatToken } from '../consistency-token.ts';
import type { LineQuery } from '../query.ts';
import {
  answeringLines,
  type LinesOptions,
  linesLimiter,
  type WriteLines,
} from '../reading/answering-lines.ts';
import { input } from './input.ts';
import { accessTo, goneOf, pathOf, preferredWaitMs, wantedToken } from './query-routes.ts';
import { clientAddress } from './rate-limits.ts';

export const linesType = 'application/x-ndjson';

/** Text that is made before it is written, in characters. */
const writtenAtOnce = 64 * 1024;
/** A client that takes nothing for so long, or isn't done after so long, is cut off. */
const takenWithinMs = 30_000;
const doneWithinMs = 240_000;

/** The routes of queries that answer in lines. */
export function lineQueryRoutes(queries: readonly LineQuery[], options: LinesOptions): Router {
  const router = express.Router();
  const limiter = linesLimiter();
  for (const definition of queries) {
    const answer = answeringLines(definition, limiter, options);
    router.get(pathOf(definition.route), handler(definition, options, answer));
  }
  return router;
}

function handler(
  definition: LineQuery,
  { log }: LinesOptions,
  answer: ReturnType<typeof answeringLines>,
): RequestHandler {
  const inputOf = input(definition.input, { elsewhere: ['consistency'] });
  const checkAccess = accessTo(definition);
  return async (req, res) => {
    checkAccess(req);
    const given = inputOf(req);
    const wanted = wantedToken({ consistency: req.query.consistency }, req, log);
    const waitMs = wanted ? preferredWaitMs(req, res) : 0;
    const { caller } = req;
    const gone = AbortSignal.any([goneOf(res), AbortSignal.timeout(doneWithinMs)]);
    const question = { input: given, caller, address: clientAddress(req), wanted, waitMs };
    const write: WriteLines = async (lines, seen) => {
      res.setHeader('Content-Type', `${linesType}; charset=utf-8`);
      res.setHeader('Cache-Control', 'no-store');
      res.setHeader('Consistency-Token', formatToken(seen));
      if (req.method !== 'HEAD') await writeAll(res, lines, gone);
      res.end();
    };
    try {
      await answer({ ...question, gone: () => gone }, write);
    } catch (error) {
      if (!res.headersSent && !gone.aborted) throw error;
      // Only a cut connection shows the client that lines are missing.
      res.destroy();
      if (!gone.aborted) throw error;
    }
  };
}

/** Makes lines only as fast as the client takes them. */
async function writeAll(
  res: Response,
  lines: AsyncIterable<unknown>,
  gone: AbortSignal,
): Promise<void> {
  let text = '';
  for await (const line of lines) {
    text += `${JSON.stringify(line)}\n`;
    if (text.length < writtenAtOnce) continue;
    await taken(res, text, gone);
    text = '';
  }
  if (text !== '') await taken(res, text, gone);
}

async function taken(res: Response, text: string, gone: AbortSignal): Promise<void> {
  gone.throwIfAborted();
  if (res.write(text)) return letOthersRun();
  const slow = AbortSignal.timeout(takenWithinMs);
  await once(res, 'drain', { signal: AbortSignal.any([gone, slow]) });
}
