import { isUtf8 } from 'node:buffer';
import express, { type Request, type RequestHandler } from 'express';
import { Problem } from '../problems.ts';

/**
 * Reads a JSON body into `req.body`; without a body it stays undefined. Comes after
 * `authenticated`, so that only bodies of permitted callers are read. Answers 400, 408, 413, 415.
 */
export function jsonBody({ limit = 64 * 1024, withinMs = 10_000 } = {}): RequestHandler {
  const parse = express.json({ limit, type: 'application/json', verify: requireUtf8 });
  return (req, res, next) => {
    if (!hasBody(req)) return next();
    const length = req.headers['content-length'];
    if (Number(length) > limit) throw tooLarge(limit);
    if (!req.is('application/json')) {
      const type = req.headers['content-type'] ?? 'nothing';
      throw new Problem('media-type-unsupported', `Send application/json, not ${type}.`);
    }
    let told = false;
    const once = (error?: unknown) => {
      clearTimeout(late);
      if (!told) next(error);
      told = true;
    };
    const late = setTimeout(() => once(tooSlow(withinMs)), withinMs);
    // Without a declared length the parser would first read an endless body to its end.
    if (length === undefined) {
      let received = 0;
      req.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received > limit) once(tooLarge(limit));
      });
    }
    parse(req, res, once);
  };
}

const tooLarge = (limit: number) =>
  new Problem('body-too-large', `At most ${limit} bytes are taken here.`);

const tooSlow = (withinMs: number) =>
  new Problem('request-timeout', `The body did not arrive within ${withinMs / 1_000} s.`);

const hasBody = (req: Request) =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length']) > 0;

const requireUtf8 = (_req: unknown, _res: unknown, body: Buffer) => {
  if (!isUtf8(body)) throw new Problem('malformed-json', 'The body is not valid UTF-8.');
};
