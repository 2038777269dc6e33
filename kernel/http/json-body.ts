import { isUtf8 } from 'node:buffer';
import express, { type Request, type RequestHandler } from 'express';
import { Problem } from '../problems.ts';
import { leaveUnread } from './unread-body.ts';

/**
 * Reads a JSON body into `req.body`; without a body it stays undefined. Comes after
 * `authenticated`, so that only bodies of permitted callers are read. Answers 413, 415 and 400.
 */
export function jsonBody({ limit = 64 * 1024 } = {}): RequestHandler {
  const parse = express.json({ limit, type: 'application/json', verify: requireUtf8 });
  return (req, res, next) => {
    if (!hasBody(req)) return next();
    const tooLarge = () => {
      leaveUnread(req, res);
      return new Problem('body-too-large', `At most ${limit} bytes are taken here.`);
    };
    const length = req.headers['content-length'];
    if (Number(length) > limit) throw tooLarge();
    if (!req.is('application/json')) {
      const type = req.headers['content-type'] ?? 'nothing';
      throw new Problem('media-type-unsupported', `Send application/json, not ${type}.`);
    }
    if (length !== undefined) return parse(req, res, next);
    // Without a declared length the parser would first read an endless body to its end.
    let received = 0;
    let told = false;
    const once = (error?: unknown) => {
      if (!told) next(error);
      told = true;
    };
    req.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > limit && !told) once(tooLarge());
    });
    parse(req, res, once);
  };
}

const hasBody = (req: Request) =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length']) > 0;

const requireUtf8 = (_req: unknown, _res: unknown, body: Buffer) => {
  if (!isUtf8(body)) throw new Problem('malformed-json', 'The body is not valid UTF-8.');
};
