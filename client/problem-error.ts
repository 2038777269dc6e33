import type { components } from './generated/queries.ts';

type ApiProblem = components['schemas']['Problem'];

/** The body of every refusal (`application/problem+json`, RFC 9457). */
export type Problem = Omit<ApiProblem, 'code'> & { code: ApiProblem['code'] | 'no-problem' };

/** An API refused a request, or can't serve it now: `code` says which rule or part it was. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly problem: Problem;
  /** Seconds after which the same request may succeed; null where the answer names none. */
  readonly retryAfterSeconds: number | null;

  constructor(problem: Problem, retryAfterSeconds: number | null = null) {
    super(problem.detail);
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): Problem['code'] {
    return this.problem.code;
  }
}

/** No answer came, however often the request was sent. */
export class UnreachableError extends Error {
  override name = 'UnreachableError';
  readonly url: string;

  constructor(url: string, cause: unknown) {
    super(`${new URL(url).origin} gives no answer.`, { cause });
    this.url = url;
  }
}

/** A proxy on the way may answer with something else than a problem. */
export async function problemOf(response: Response, url: string): Promise<ProblemError> {
  const body: unknown = await response.json().catch(() => null);
  const retryAfter = retryAfterSeconds(response);
  if (isProblem(body)) return new ProblemError(body, retryAfter);
  const { status, statusText } = response;
  const title = statusText || `Status ${status}`;
  const detail = `${new URL(url).origin} answered ${status}, without saying why.`;
  return new ProblemError(
    { type: 'about:blank', title, status, code: 'no-problem', detail },
    retryAfter,
  );
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && 'status' in body;

/** The header holds seconds; a date, which proxies may send, counts as one second. */
export function retryAfterSeconds(response: Response): number | null {
  const text = response.headers.get('retry-after');
  if (text === null) return null;
  return /^\d+$/.test(text) ? Number(text) : 1;
}
