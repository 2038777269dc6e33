import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Logger } from 'pino';
import { ZodError } from 'zod';
import { RegistryAwayError } from '../codec/registry-requests.ts';
import { LaneReadError, LogUnavailableError } from '../log/log.ts';
import { isMongoAway } from '../mongo/mongo-away.ts';
import { Problem } from '../problems.ts';
import { fieldErrors } from './input.ts';

/** The problem as RFC 9457 JSON. */
export const problemBody = (problem: Problem, requestId?: string) => ({
  type: `/problems/${problem.code}`,
  title: problem.type.title,
  status: problem.status,
  code: problem.code,
  detail: problem.message,
  ...(problem.errors && { errors: problem.errors }),
  ...(requestId && { requestId }),
});

/** The one place where errors become answers. */
export function problemAnswers(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    const problem = problemOf(error);
    const about = { requestId: req.requestId, user: req.caller?.userId };
    if (problem.status === 500) {
      logger.error({ ...about, err: error }, 'a request failed unexpectedly');
    } else if (problem.status > 500) {
      const { code, message, cause } = problem;
      logger.warn({ ...about, code, cause }, message);
    }
    // Half of the answer was sent: only a cut connection shows the client that it is broken.
    if (res.headersSent) req.socket.destroy();
    else sendProblem(problem, req, res);
  };
}

function sendProblem(problem: Problem, req: Request, res: Response): void {
  for (const header of ['ETag', 'Content-Encoding', 'Location']) res.removeHeader(header);
  if (problem.retryAfterSeconds !== undefined) {
    res.setHeader('Retry-After', String(Math.ceil(problem.retryAfterSeconds)));
  }
  if (problem.status === 401 || problem.status === 403) {
    res.setHeader('WWW-Authenticate', challenge(problem, req));
  }
  res.statusCode = problem.status;
  res.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  res.setHeader('Cache-Control', 'no-store');
  const body = JSON.stringify(problemBody(problem, req.requestId));
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(req.method === 'HEAD' ? undefined : body);
}

/** RFC 6750: a request without a token is told the scheme only. */
function challenge(problem: Problem, req: Request): string {
  if (req.headers.authorization === undefined) return 'Bearer';
  const error = problem.status === 403 ? 'insufficient_scope' : 'invalid_token';
  return `Bearer error="${error}", error_description="${problem.message.replaceAll('"', "'")}"`;
}

/** An error as the problem that is answered. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ZodError) {
    const errors = fieldErrors(error);
    return new Problem('invalid-input', 'See `errors` for what to change.', { errors });
  }
  if (error instanceof URIError) {
    return new Problem('invalid-input', 'The URL has a broken %-sequence.', { cause: error });
  }
  if (isAway(error)) return new Problem('part-away', away, { cause: error });
  return problemOfLibrary(error) ?? new Problem('internal-error', unexpected, { cause: error });
}

/** MongoDB, Kafka or the registry gives no answer. */
const isAway = (error: unknown): boolean =>
  isMongoAway(error) ||
  error instanceof LogUnavailableError ||
  (error instanceof LaneReadError && error.code === 'unavailable') ||
  error instanceof RegistryAwayError;

/** What is away, and where, stands in the log. */
const away = 'A part of the system is away; try again in a moment.';
const unexpected = 'It was logged with the requestId; trying again may help.';

/** Express and body-parser throw errors with a `status` and often a `type`. */
function problemOfLibrary(error: unknown): Problem | undefined {
  const { status, type, message } = error as { status?: number; type?: string; message?: string };
  const cause = { cause: error };
  if (type === 'entity.parse.failed') {
    return new Problem('malformed-json', `The body is not JSON: ${message}`, cause);
  }
  if (status === 413) return new Problem('body-too-large', 'Send a smaller body.', cause);
  if (status === 415) {
    return new Problem('media-type-unsupported', `Send UTF-8 JSON: ${message}.`, cause);
  }
  if (status !== undefined && status >= 400 && status < 500) {
    return new Problem('invalid-input', `The request can't be read: ${message}.`, cause);
  }
  return undefined;
}
