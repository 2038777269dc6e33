import { z } from 'zod';
import { asOfName } from '../reading/as-of-name.ts';
import 'zod-openapi';

/** The headers of requests and answers, and the other parameters of all reads, described once. */

const parameter = (id: string, name: string, description: string, schema: z.ZodType) =>
  schema.meta({ description, param: { id, name, in: 'header' } });

const header = (id: string, description: string) =>
  z.string().meta({ description, header: { id } });

/** What `If-Match` takes. */
export const versionLists = /^(\*|"[0-9]{1,15}"([ \t]*,[ \t]*"[0-9]{1,15}")*)$/;
const tokenLists = /^([A-Za-z0-9_-]+([ \t]*,[ \t]*[A-Za-z0-9_-]+)*)?$/;
const tokens = 'Consistency-Token of an answer, or several with commas';

export const requestHeaders = {
  requestId: parameter(
    'RequestId',
    'X-Request-Id',
    'Names the request in answers, logs and events. Kept if it has 1 to 128 visible ASCII ' +
      'characters; else, and where none is sent, one is made.',
    z.string().optional(),
  ),
  ifMatch: parameter(
    'IfMatch',
    'If-Match',
    'The version that this is meant for, in quotes as in the ETag of a command, or several; or * ' +
      'for any. Another version, and with * none, answers 412.',
    z.string().regex(versionLists).optional(),
  ),
  ifAbsent: parameter(
    'IfAbsent',
    'If-None-Match',
    'Only * is taken: what is there already is left as it is, and answers 412.',
    z.literal('*').optional(),
  ),
  ifNoneMatch: parameter(
    'IfNoneMatch',
    'If-None-Match',
    'The ETag of an answer that is at hand; while it still holds the answer is 304.',
    z.string().optional(),
  ),
  seen: parameter(
    'ConsistencyToken',
    'Consistency-Token',
    `${tokens}: the answer holds at least what that one did. Also as \`?consistency=\`.`,
    z.string().regex(tokenLists).optional(),
  ),
  asOf: z
    .string()
    .regex(asOfName)
    .optional()
    .meta({
      description: 'Operators only: reads the views as they were kept under this name.',
      param: { id: 'AsOf', name: 'asOf', in: 'query' },
    }),
  prefer: parameter(
    'Prefer',
    'Prefer',
    'How many seconds to wait for what the token asks for: 2 unless told, at most 10.',
    z
      .string()
      .optional()
      .meta({ examples: ['wait=5'] }),
  ),
} as const;

/** The Idempotency-Keys that are accepted. */
export const idempotencyKeys = /^[ -~]{1,255}$/;
const keyMeans = 'Names this one request: sent again with the same key, it does nothing twice.';

/** The Idempotency-Key of a POST: new for each request, so each operation has its own example. */
export const requiredKey = (example: string) => ({
  ...{ name: 'Idempotency-Key', in: 'header' as const, required: true, description: keyMeans },
  schema: { type: 'string' as const, pattern: idempotencyKeys.source },
  example,
});

export const optionalKey = parameter(
  'IdempotencyKey',
  'Idempotency-Key',
  `${keyMeans} Not needed here: repeating changes nothing anyway.`,
  z.string().regex(idempotencyKeys).optional(),
);

const requestId = header('RequestIdOfAnswer', 'Names the request in logs and events.');
const token = header('ConsistencyTokenOfAnswer', 'What this answer has seen of the log.');

const replayed = z
  .literal('true')
  .optional()
  .meta({
    description: 'Set if this is the answer to an earlier request with the same Idempotency-Key.',
    header: { id: 'IdempotentReplayed' },
  });

export const answerHeaders = {
  command: z.object({
    ETag: header('Version', 'The version of what was changed, in quotes, for If-Match.'),
    'Idempotent-Replayed': replayed,
    'Consistency-Token': token,
    'X-Request-Id': requestId,
  }),
  created: z.object({
    Location: header('Location', 'Where the query API has what was made.'),
    ETag: header('VersionOfNew', 'The version of what was made, in quotes, for If-Match.'),
    'Idempotent-Replayed': replayed,
    'Consistency-Token': token,
    'X-Request-Id': requestId,
  }),
  query: z.object({
    ETag: header('ETag', 'Stands for this very answer; weak. For If-None-Match.'),
    'Consistency-Token': token,
    'X-Request-Id': requestId,
  }),
  batch: z.object({
    'Idempotent-Replayed': replayed,
    'Consistency-Token': token,
    'X-Request-Id': requestId,
  }),
  lines: z.object({ 'Consistency-Token': token, 'X-Request-Id': requestId }),
  other: z.object({ 'X-Request-Id': requestId }),
} as const;
