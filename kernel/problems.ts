/**
 * A kind of error that an API answers (RFC 9457, Problem Details for HTTP APIs): its code, the
 * HTTP status, and a title that is the same for every problem of this type. `type` in the answer
 * is `/problems/<code>`.
 */
export type ProblemType = {
  readonly code: string;
  readonly status: number;
  readonly title: string;
};

/**
 * Makes a problem type of an application. Each definition lists the types that it throws in
 * `problems`, for the API document.
 *
 * @example
 * ```ts
 * import { reject } from '@event-sourced/kernel/aggregate';
 * import { problemType } from '@event-sourced/kernel/problems';
 *
 * export const soldOut = problemType('sold-out', 409, 'The book is sold out');
 *
 * export const sold = (copies: number) => {
 *   if (copies === 0) reject(soldOut, 'No copy is left; order it again next week.');
 * };
 * ```
 */
export const problemType = (code: string, status: number, title: string): ProblemType => ({
  code,
  status,
  title,
});

/** The problems that every service may answer, whatever it is about. */
const titles = {
  'malformed-request': { status: 400, title: 'The request is not HTTP' },
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'invalid-input': { status: 400, title: 'The request has invalid fields' },
  'invalid-cursor': { status: 400, title: 'The cursor is not one of ours' },
  'invalid-token': { status: 400, title: 'The consistency token is not one of this log' },
  'idempotency-key-required': { status: 400, title: 'POST needs an Idempotency-Key header' },
  unauthorized: { status: 401, title: 'A valid bearer token is needed' },
  forbidden: { status: 403, title: 'The token lacks the role for this' },
  'route-unknown': { status: 404, title: 'There is no such route' },
  'as-of-unknown': { status: 404, title: 'The views were not kept as of this' },
  'method-not-allowed': { status: 405, title: 'The route has no such method' },
  'request-timeout': { status: 408, title: 'The request did not arrive in time' },
  'version-mismatch': { status: 412, title: 'The version is not the expected one' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'event-too-large': { status: 413, title: 'The event would be too large' },
  'media-type-unsupported': { status: 415, title: 'The body is of a type that is not taken here' },
  'expectation-failed': { status: 417, title: 'The Expect header asks for more than HTTP has' },
  'duplicate-item': { status: 422, title: 'The batch has an item about the same thing before' },
  'key-reused': { status: 422, title: 'The Idempotency-Key was used with another body' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  'internal-error': { status: 500, title: 'Something went wrong on our side' },
  overloaded: { status: 503, title: 'Too many requests wait' },
  'lane-unavailable': { status: 503, title: 'The part that decides this is moving or away' },
  'event-index-behind': { status: 503, title: 'Too many events are not indexed yet' },
  'read-model-behind': { status: 503, title: 'The read model has not caught up yet' },
  'read-model-building': { status: 503, title: 'The read model is being built' },
  'part-away': { status: 503, title: 'A part this needs is away' },
} as const satisfies Record<string, { status: number; title: string }>;

/** The code of one of the kernel's own types. */
export type KernelProblemCode = keyof typeof titles;

/** The kernel's own types, by their codes. */
export const kernelProblems = Object.fromEntries(
  Object.entries(titles).map(([code, { status, title }]) => [
    code,
    problemType(code, status, title),
  ]),
) as { readonly [Code in KernelProblemCode]: ProblemType & { readonly code: Code } };

/** A problem type, or the code of one of the kernel's own types. */
export type AnyProblemType = ProblemType | KernelProblemCode;

export const problemTypeOf = (type: AnyProblemType): ProblemType =>
  typeof type === 'string' ? kernelProblems[type] : type;

/** Where in the input something is wrong, as `a.b.0`; empty for the whole body. */
export type FieldError = { path: string; message: string };

/** An error that an API answers. It may be thrown anywhere; one handler turns it into HTTP. */
export class Problem extends Error {
  override name = 'Problem';
  readonly type: ProblemType;
  // Fields, not getters: body-parser sets `status` of an error that passes through it.
  readonly code: string;
  readonly status: number;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  /**
   * @param detail says in a sentence what is wrong here and what would cure it.
   * @param more `retryAfterSeconds` is 1 for the statuses 429 and 503 if unset.
   */
  constructor(
    type: AnyProblemType,
    detail: string,
    more: { errors?: FieldError[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(detail, { cause: more.cause });
    this.type = problemTypeOf(type);
    this.code = this.type.code;
    this.status = this.type.status;
    this.errors = more.errors;
    this.retryAfterSeconds =
      more.retryAfterSeconds ?? (this.status === 503 || this.status === 429 ? 1 : undefined);
  }
}
