/**
 * Every error an API answers: code, HTTP status, title. `type` is `/problems/<code>`.
 * Format: RFC 9457, Problem Details for HTTP APIs.
 */
export const problems = {
  'malformed-request': { status: 400, title: 'The request is not HTTP' },
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'invalid-input': { status: 400, title: 'The request has invalid fields' },
  'invalid-cursor': { status: 400, title: 'The cursor is not one of ours' },
  'invalid-token': { status: 400, title: 'The consistency token is not one of this log' },
  'idempotency-key-required': { status: 400, title: 'POST needs an Idempotency-Key header' },
  unauthorized: { status: 401, title: 'A valid bearer token is needed' },
  forbidden: { status: 403, title: 'The token lacks the role for this' },
  'route-unknown': { status: 404, title: 'There is no such route' },
  'movie-unknown': { status: 404, title: 'There is no such movie' },
  'ticket-unknown': { status: 404, title: 'There is no such ticket' },
  'play-unknown': { status: 404, title: 'There is no such play' },
  'as-of-unknown': { status: 404, title: 'The views were not kept as of this' },
  'method-not-allowed': { status: 405, title: 'The route has no such method' },
  'request-timeout': { status: 408, title: 'The request did not arrive in time' },
  'movie-retired': { status: 409, title: 'The movie is retired' },
  'movie-differs': { status: 409, title: 'The id already holds another movie' },
  'ticket-transition': { status: 409, title: 'The ticket is not in a state for this' },
  'version-mismatch': { status: 412, title: 'The version is not the expected one' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'event-too-large': { status: 413, title: 'The event would be too large' },
  'media-type-unsupported': { status: 415, title: 'The body has to be application/json' },
  'key-reused': { status: 422, title: 'The Idempotency-Key was used with another body' },
  'ticket-full': { status: 422, title: 'The ticket takes no more' },
  'reminders-full': { status: 422, title: 'The list takes no more reminders' },
  'watched-full': { status: 422, title: 'The list takes no more plays' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  'internal-error': { status: 500, title: 'Something went wrong on our side' },
  overloaded: { status: 503, title: 'Too many commands wait' },
  'lane-unavailable': { status: 503, title: 'The part that decides this is moving or away' },
  'read-model-behind': { status: 503, title: 'The read model has not caught up yet' },
  'read-model-building': { status: 503, title: 'The read model is being built' },
  'part-away': { status: 503, title: 'A part this needs is away' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** Where in the input something is wrong, as `a.b.0`; empty for the whole body. */
export type FieldError = { path: string; message: string };

/** An answer that is not the one asked for. Thrown anywhere, turned into HTTP in one place. */
export class Problem extends Error {
  override name = 'Problem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  /** @param detail says in a sentence what is wrong here and what would cure it. */
  constructor(
    code: ProblemCode,
    detail: string,
    more: { errors?: FieldError[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(detail, { cause: more.cause });
    this.code = code;
    this.status = problems[code].status;
    this.errors = more.errors;
    this.retryAfterSeconds =
      more.retryAfterSeconds ?? (this.status === 503 || this.status === 429 ? 1 : undefined);
  }
}
