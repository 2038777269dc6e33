import { isUtf8 } from 'node:buffer';
import express, { type Request, type RequestHandler } from 'express';
import { Problem } from '../problems.ts';

/**
 * The largest body of a batch. Its events have to fit into one record batch of Kafka, if all are of
 * one stream.
 */
export const batchBytes = 256 * 1024;

/**
 * Reads a JSON body into `req.body`: any JSON, in UTF-8. Without a body it stays undefined. Comes
 * after `authenticated`, so that only bodies of permitted callers are read. Answers 400, 408, 413,
 * 415.
 */
export function jsonBody({ limit = 64 * 1024, withinMs = 10_000 } = {}): RequestHandler {
  const inflating = express.json({ limit, type, strict: false, verify: requireUtf8 });
  return (req, res, next) => {
    if (!hasBody(req)) return next();
    const length = req.headers['content-length'];
    if (Number(length) > limit) throw tooLarge(limit);
    requireType(req, [type]);
    let told = false;
    const once = (error?: unknown) => {
      clearTimeout(late);
      if (!told) next(error);
      told = true;
    };
    const late = setTimeout(() => once(tooSlow(withinMs)), withinMs);
    if (isPlain(req)) return read(req, limit, once);
    // Without a declared length the parser would first read an endless body to its end.
    if (length === undefined) {
      let received = 0;
      req.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received > limit) once(tooLarge(limit));
      });
    }
    inflating(req, res, once);
  };
}

const isPlain = ({ headers }: Request) =>
  (headers['content-encoding'] ?? 'identity') === 'identity';

/** Commands are short: Express's own parser takes several times as long for them. */
function read(req: Request, limit: number, done: (error?: unknown) => void): void {
  const chunks: Buffer[] = [];
  let received = 0;
  req.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > limit) done(tooLarge(limit));
    else chunks.push(chunk);
  });
  req.on('end', () => {
    try {
      if (received > 0) req.body = parsed(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    } catch (error) {
      return done(error);
    }
    done();
  });
  req.on('error', (cause) => done(brokenOff(cause)));
}

function parsed(body: Buffer): unknown {
  requireUtf8(null, null, body);
  try {
    return JSON.parse(body.toString().replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new Problem('malformed-json', `The body is not JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}

const type = 'application/json';

/**
 * Checks what a body is by its `Content-Type`.
 * @throws Problem `media-type-unsupported` that names the first of these types.
 */
export function requireType(req: Request, types: readonly string[]): void {
  const given = req.headers['content-type'] ?? 'nothing';
  if (given === types[0]) return;
  if (!req.is([...types])) {
    throw new Problem('media-type-unsupported', `Send ${types[0]}, not ${given}.`);
  }
  const charsets = [...given.matchAll(/;\s*charset\s*=\s*"?([^\s;"]*)/gi)];
  if (charsets.every(([, charset]) => charset?.toLowerCase() === 'utf-8')) return;
  throw new Problem('media-type-unsupported', `Send ${types[0]} in UTF-8, not ${given}.`);
}

/** For routes without a body: one that would be ignored is refused. */
export const noBody: RequestHandler = async (req, _res, next) => {
  if (hasBody(req) && (await hasBytes(req))) {
    throw new Problem('invalid-input', `${req.method} takes no body here; leave it out.`);
  }
  next();
};

async function hasBytes(req: Request): Promise<boolean> {
  try {
    for await (const _chunk of req.iterator({ destroyOnReturn: false })) return true;
    return false;
  } catch (cause) {
    throw brokenOff(cause);
  }
}

const brokenOff = (cause: unknown) =>
  new Problem('malformed-request', 'The body broke off.', { cause });

const tooLarge = (limit: number) =>
  new Problem('body-too-large', `At most ${limit} bytes are taken here.`);

const tooSlow = (withinMs: number) =>
  new Problem('request-timeout', `The body did not arrive within ${withinMs / 1_000} s.`);

const hasBody = (req: Request) =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length']) > 0;

const requireUtf8 = (_req: unknown, _res: unknown, body: Buffer) => {
  if (!isUtf8(body)) throw new Problem('malformed-json', 'The body is not valid UTF-8.');
};
