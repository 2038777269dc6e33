import express, { type Request as HttpRequest, type Response, type Router } from 'express';
import type { Command } from '../aggregate.ts';
import { idempotencyKeys, versionLists } from '../openapi/headers.ts';
import { Problem } from '../problems.ts';
import type { ExpectedVersion } from '../writer/expected-version.ts';
import { makeUpKey } from '../writer/made-up-keys.ts';
import { authenticated } from './authenticated.ts';
import { announcing } from './deprecation.ts';
import { input } from './input.ts';
import { jsonBody, noBody } from './json-body.ts';
import { senderOf } from './sender.ts';
import type { Answer, Envelope, Submitter } from './submitter.ts';

export type CommandRoutesOptions = {
  commands: readonly Command[];
  submitter: Submitter;
};

/** A route for each command that has one: authenticates, parses, submits and answers. */
export function commandRoutes({ commands, submitter }: CommandRoutesOptions): Router {
  const router = express.Router();
  for (const command of commands) {
    if (!command.route) continue;
    const [method, path] = command.route.split(' ') as ['PUT' | 'POST' | 'DELETE', string];
    const read = input(command.input, { elsewhere: ['consistency'] });
    const verb = method.toLowerCase() as 'put' | 'post' | 'delete';
    const body = method === 'DELETE' ? noBody : jsonBody();
    const before = [...announcing(command.deprecated), authenticated(command.role), body];
    router[verb](path, ...before, async (req, res) => {
      const answer = await submitter.submit(command, read(req), envelopeOf(req), senderOf(req));
      if (answer.replayed) markReplayed(req, res);
      send(res, answer);
    });
  }
  return router;
}

/** Without a key of the client's own, a repeat was the system's and tells the client nothing. */
export function markReplayed(req: HttpRequest, res: Response): void {
  if (req.get('idempotency-key') !== undefined) res.setHeader('Idempotent-Replayed', 'true');
}

function send(res: Response, { status, location, body }: Answer): void {
  if (location) res.setHeader('Location', location);
  res.setHeader('ETag', `"${body.version}"`);
  res.setHeader('Consistency-Token', body.token);
  res.setHeader('Cache-Control', 'no-store');
  res.status(status).json(body);
}

/** Idempotency-Key, If-Match or If-None-Match, and Consistency-Token of a request. */
export function envelopeOf(req: HttpRequest): Envelope {
  return {
    idempotencyKey: idempotencyKey(req),
    expectedVersion: expectedVersion(req),
    seen: req.get('consistency-token') ?? String(req.query.consistency ?? ''),
  };
}

/** Only POST needs a key from the client; others get one here, for repeats inside the system. */
function idempotencyKey(req: HttpRequest): string {
  const key = req.get('idempotency-key');
  if (key === undefined) {
    if (req.method !== 'POST') return makeUpKey();
    const detail = 'Send an Idempotency-Key, such as a UUID; a repeat with it does nothing twice.';
    throw new Problem('idempotency-key-required', detail);
  }
  if (idempotencyKeys.test(key)) return key;
  throw invalidHeader('Idempotency-Key', 'has to be 1 to 255 printable ASCII characters');
}

/** The versions that `If-Match` and `If-None-Match` (RFC 9110) allow the command to find. */
function expectedVersion(req: HttpRequest): ExpectedVersion {
  const [match, noneMatch] = [req.get('if-match')?.trim(), req.get('if-none-match')?.trim()];
  if (noneMatch !== undefined) {
    if (match !== undefined) throw invalidHeader('If-Match', 'excludes If-None-Match; send one');
    if (noneMatch === '*') return 'absent';
    throw invalidHeader('If-None-Match', 'has to be * here, for what must not exist yet');
  }
  if (match === undefined) return null;
  if (match === '*') return 'present';
  if (/(^|,)\s*W\//.test(match)) throw invalidHeader('If-Match', weak);
  if (!versionLists.test(match)) throw invalidHeader('If-Match', unreadable);
  const versions = match.split(',').map((etag) => Number(etag.trim().slice(1, -1)));
  return versions.length === 1 ? (versions[0] as number) : versions;
}

const unreadable = 'has to be *, or versions in quotes as a command answers them in ETag: "3"';
const weak =
  'takes versions: not the weak ETag of a read, but the `version` in its body, in quotes: "3"';

const invalidHeader = (path: string, message: string) =>
  new Problem('invalid-input', `${path} ${message}.`, { errors: [{ path, message }] });
