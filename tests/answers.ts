import { expect } from 'vitest';
import { problemsOf as ownProblems } from '#kernel/openapi/document.ts';
import { allProblemTypes } from '#kernel/openapi/problem-responses.ts';
import type { FieldError, ProblemType } from '#kernel/problems.ts';
import { commands } from '../command-api/commands.ts';
import { queries } from '../query-api/queries.ts';

/** Sends the requests of tests and checks the answers. */

export type Asked = {
  body?: unknown;
  headers?: Record<string, string>;
};

export type Answer<Body = unknown> = { status: number; headers: Headers; body: Body };

/** The body of a command's answer. */
export type Done = {
  stream: string;
  version: number;
  events: string[];
  unchanged: boolean;
  token: string;
};

type ProblemBody = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  requestId: string;
  errors?: FieldError[];
};

/** Text, bytes and streams are sent as they are, everything else as JSON. */
export async function ask<Body = Done>(
  url: string,
  route: string,
  { body, headers = {} }: Asked = {},
): Promise<Answer<Body>> {
  const [method = '', path = ''] = route.split(' ');
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const isStream = body instanceof ReadableStream;
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && {
      body: isRaw || isStream ? (body as string) : JSON.stringify(body),
    }),
    ...(isStream && { duplex: 'half' as const }),
  });
  const text = await answer.text();
  const isJson = /^application\/(problem\+)?json/.test(answer.headers.get('content-type') ?? '');
  return {
    status: answer.status,
    headers: answer.headers,
    body: (isJson ? JSON.parse(text) : text) as Body,
  };
}

const problemTypes = new Map(
  allProblemTypes(ownProblems(commands, queries)).map((type) => [type.code, type]),
);

/** The type of problem that has this code. @throws Error when no definition lists such a type. */
export function problemTypeNamed(code: string): ProblemType {
  const type = problemTypes.get(code);
  if (!type) throw new Error(`No definition lists the problem type ${code}.`);
  return type;
}

/** Checks that an answer is a complete problem of a listed type. @returns its body. */
export function problemOf(answer: Answer<unknown>, code?: string): ProblemBody {
  const body = answer.body as ProblemBody;
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  if (code) expect(body).toMatchObject({ code });
  const { title, status } = problemTypeNamed(body.code);
  expect(body).toMatchObject({ type: `/problems/${body.code}`, title, status });
  expect(answer.status).toBe(status);
  expect(body.requestId).toBe(answer.headers.get('x-request-id'));
  expect(body.detail).toMatch(/\S/);
  expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:\d/);
  return body;
}

/** Checks the headers and the body of a command's answer. @returns the body. */
export function doneOf(answer: Answer<Done>, expected: Partial<Done> = {}): Done {
  const { status, headers, body } = answer;
  expect(body).toMatchObject({ unchanged: body.events?.length === 0, ...expected });
  expect(status).toBeOneOf([200, 201]);
  expect(headers.get('etag')).toBe(`"${body.version}"`);
  expect(headers.get('consistency-token')).toBe(body.token);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.has('location')).toBe(status === 201);
  return body;
}

/** A movie as `PUT /v1/movies/{movieId}` takes it. */
export const up = {
  title: 'Up',
  genres: ['Animation', 'Adventure'],
  description: 'An old man flies to South America in his house.',
  director: 'Pete Docter',
  actors: ['Edward Asner', 'Jordan Nagai'],
  year: 2009,
  runtimeMinutes: 96,
  rating: 8.3,
  ratingVotes: 722_203,
  revenueMillions: 292.98,
  metascore: 88,
};
