import express, { type Request as HttpRequest, type Response, type Router } from 'express';
import type { Command } from '../aggregate.ts';
import { idempotencyKeys, versionLists } from '../openapi/headers.ts';
import { Problem } from '../problems.ts';
import type { ExpectedVersion } from '../writer/expected-version.ts';
import { makeUpKey } from '../writer/made-up-keys.ts';
import { accessFor } from './authenticated.ts';
import { sendJson } from './common-headers.ts';
import { announcing } from './deprecation.ts';
import { input, queryOf } from './input.ts';
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
    const access = accessFor(command.role);
    const answer = async (req: HttpRequest, res: Response) => {
      const { submit } = submitter;
      send(req, res, await submit(command, read(req), envelopeOf(req), senderOf(req)));
    };
    // One handler for all: each would cost a turn of the router.
    router[verb](path, ...announcing(command.deprecated), (req, res, next) => {
      access(req);
      return body(req, res, (error?: unknown) => {
        if (error !== undefined) return next(error);
        answer(req, res).catch(next);
      });
    });
  }
  return router;
}

/** Without a key of the client's own, a repeat was the system's and tells the client nothing. */
export function markReplayed(req: HttpRequest, res: Response): void {
  if (req.get('idempotency-key') !== undefined) res.setHeader('Idempotent-Replayed', 'true');
}

function send(req: HttpRequest, res: Response, { status, location, replayed, body }: Answer): void {
  const headers = ['ETag', `"${body.version}"`, 'Consistency-Token', body.token];
  headers.push('Cache-Control', 'no-store');
  if (location) headers.push('Location', location);
  if (replayed) markReplayed(req, res);
  sendJson(res, status, headers, body);
}

/** Idempotency-Key, If-Match or If-None-Match, and Consistency-Token of a request. */
export function envelopeOf(req: HttpRequest): Envelope {
  return {
    idempotencyKey: idempotencyKey(req),
    expectedVersion: expectedVersion(req),
    seen: headerOf(req, 'consistency-token') ?? String(queryOf(req).consistency ?? ''),
  };
}

/** Node joins the values of one that came several times. */
const headerOf = ({ headers }: HttpRequest, name: string) => headers[name] as string | undefined;

/** Only POST needs a key from the client; others get one here, for repeats inside the system. */
function idempotencyKey(req: HttpRequest): string {
  const key = headerOf(req, 'idempotency-key');
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
  const match = headerOf(req, 'if-match')?.trim();
  const noneMatch = headerOf(req, 'if-none-match')?.trim();
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
