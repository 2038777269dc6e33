import {
  authenticated,
  type BulkRequest,
  BulkRequests,
  type Envelope,
  envelopeOf,
  fieldErrors,
  input,
  type Line,
  ndjsonLines,
  requireType,
  type Sender,
  type Submitter,
  senderOf,
} from '@event-sourced/kernel/http';
import { Problem } from '@event-sourced/kernel/problems';
import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import { roles } from '#schemas/roles.ts';
import { importMovie } from './movie.ts';

/** `POST /v1/movies:import`: one movie a line in, and its result a line out, in the same order. */

/** The result of one line. */
export const ImportResult = z
  .object({
    line: z.int(),
    movieId: z.string().nullable(),
    result: z.enum(['added', 'changed', 'unchanged', 'rejected']),
    code: z.string().optional(),
    detail: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'ImportResult' });
type Result = z.output<typeof ImportResult>;

/** The last line of an answer. */
export const ImportEnd = z
  .object({
    done: z.boolean().meta({
      description: 'False if not all lines were read: `code` and `detail` say why.',
    }),
    added: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    rejected: z.int(),
    code: z.string().optional(),
    detail: z.string().optional(),
    token: z.string(),
  })
  .meta({ id: 'ImportEnd' });

/** A line may be as long as the body of any other command. */
const limits = { bodyBytes: 16 * 1024 * 1024, lineBytes: 64 * 1024 };
/** Each import holds the results that its client has not read yet, and is cut off here. */
const unreadBytes = 16 * 1024 * 1024;
const imports = new BulkRequests({ perNode: 8, perUser: 2, commands: 500, sliceMs: 5 });
const maxErrors = 50;
export const importTypes = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'];

const flag = (description: string) =>
  z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({ description });
export const ImportQuery = z.object({
  replace: flag('Whether an id that holds another movie takes the new one, with all it has.'),
  keepDescriptions: flag(
    'Whether descriptions are for new movies only; listed ones keep theirs. Not with `replace`.',
  ),
});
type ImportQuery = z.output<typeof ImportQuery>;

export function importRoute(submitter: Submitter): Router {
  const query = input(ImportQuery, { elsewhere: ['consistency'], from: 'query' });
  const router = express.Router();
  router.post('/v1/movies\\:import', authenticated(roles.catalogue), async (req, res) => {
    requireNdjson(req);
    const sender = senderOf(req);
    const asked = { ...query(req), envelope: importEnvelope(req), sender, submitter };
    const bulk = imports.begin(sender.caller.userId);
    try {
      await importLines(req, res, { ...asked, bulk });
    } finally {
      bulk.end();
    }
  });
  return router;
}

function requireNdjson(req: Request): void {
  if (Number(req.get('content-length')) > limits.bodyBytes) {
    const detail = `At most ${limits.bodyBytes} bytes are taken; send it in parts.`;
    throw new Problem('body-too-large', detail);
  }
  requireType(req, importTypes);
  if ((req.get('content-encoding') ?? 'identity') === 'identity') return;
  throw new Problem('media-type-unsupported', 'Send the lines as they are, not compressed.');
}

/** The preconditions of one command say nothing of many. */
function importEnvelope(req: Request): Envelope {
  const envelope = envelopeOf(req);
  if (envelope.expectedVersion === null) return envelope;
  const path = req.get('if-match') === undefined ? 'If-None-Match' : 'If-Match';
  const message = 'is not for imports: a line never replaces another movie unless ?replace=true';
  throw new Problem('invalid-input', `${path} ${message}.`, { errors: [{ path, message }] });
}

type Import = ImportQuery & {
  envelope: Envelope;
  sender: Sender;
  submitter: Submitter;
  bulk: BulkRequest;
};

async function importLines(req: Request, res: Response, options: Import): Promise<void> {
  const { bulk } = options;
  const counts = { added: 0, changed: 0, unchanged: 0, rejected: 0 };
  const under = new Map<number, Promise<Result>>();
  const seen = new Seen(options);
  res.type(importTypes[0] as string);
  const answerFirst = async () => {
    const [number, pending] = under.entries().next().value as [number, Promise<Result>];
    const result = await pending;
    under.delete(number);
    counts[result.result] += 1;
    // Never waits for the client to read: it may write everything before it reads anything.
    res.write(`${JSON.stringify(result)}\n`);
    if (res.writableLength > unreadBytes) req.destroy();
  };
  const end: Partial<z.output<typeof ImportEnd>> = { done: true };
  try {
    for await (const line of ndjsonLines(req, limits)) {
      await bulk.turn();
      under.set(line.number, importLine(line, options, seen));
      while (under.size >= bulk.part()) await answerFirst();
    }
  } catch (error) {
    // The client has left; the lines that were read are decided, and count until they are.
    if (req.destroyed) return void (await Promise.all(under.values()));
    if (!(error instanceof Problem)) throw error;
    Object.assign(end, { done: false, code: error.code, detail: error.message });
  }
  while (under.size > 0) await answerFirst();
  res.end(`${JSON.stringify({ ...end, ...counts, token: seen.token })}\n`);
}

/** The tokens of all lines as one. */
class Seen {
  readonly #submitter: Submitter;
  #tokens: string[] = [];

  /** @throws Problem `invalid-token`, before anything was appended. */
  constructor({ submitter, envelope }: Import) {
    this.#submitter = submitter;
    this.#tokens = [submitter.merged(envelope.seen === '' ? [] : [envelope.seen])];
  }

  add(token: string): void {
    if (this.#tokens.push(token) > 100) this.#tokens = [this.token];
  }

  get token(): string {
    return this.#submitter.merged(this.#tokens);
  }
}

async function importLine(
  line: Line,
  { envelope, sender, submitter, ...query }: Import,
  seen: Seen,
): Promise<Result> {
  const { number } = line;
  let movieId: string | null = null;
  try {
    if ('problem' in line) throw line.problem;
    const given = parsed(line.text);
    movieId = typeof given.movieId === 'string' ? given.movieId : null;
    const movie = movieOf(given, query);
    const key = `${envelope.idempotencyKey}/${number}`;
    const own = { idempotencyKey: key, expectedVersion: null, seen: '', bulk: true };
    const { body } = await submitter.submit(importMovie, movie, own, sender);
    seen.add(body.token);
    if (body.unchanged) return { line: number, movieId, result: 'unchanged' };
    const result = body.events.includes('MovieAdded') ? 'added' : 'changed';
    return { line: number, movieId, result };
  } catch (error) {
    const { code, message: detail, errors } = asProblem(error);
    return { line: number, movieId, result: 'rejected', code, detail, ...(errors && { errors }) };
  }
}

function movieOf(given: Record<string, unknown>, { replace, keepDescriptions }: ImportQuery) {
  const asked = { replace, ...(keepDescriptions && { keepDescription: true }) };
  const movie = importMovie.input.safeParse({ ...given, ...asked });
  const errors = movie.success ? [] : fieldErrors(movie.error);
  for (const path of ['replace', 'keepDescription'].filter((name) => Object.hasOwn(given, name))) {
    errors.push({ path, message: 'is not known here; the query has it, for all lines' });
  }
  if (movie.success && errors.length === 0) return movie.data;
  const shown = { errors: errors.slice(0, maxErrors) };
  throw new Problem('invalid-input', 'The movie has invalid fields.', shown);
}

function parsed(text: string): Record<string, unknown> {
  const given = json(text);
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    return given as Record<string, unknown>;
  }
  throw new Problem('invalid-input', 'A line has to be a JSON object.');
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('malformed-json', `The line is not JSON: ${(cause as Error).message}`);
  }
}

const asProblem = (error: unknown) =>
  error instanceof Problem
    ? error
    : new Problem('internal-error', 'The line could not be handled.', { cause: error });
