import { z } from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import {
  type AnyProblemType,
  kernelProblems,
  type ProblemType,
  problemTypeOf,
} from '../problems.ts';
import { answerHeaders } from './headers.ts';

/** The schema of the body that `problemBody` in `http/problem-answers.ts` makes. */
const problemDetails = (types: readonly ProblemType[]) =>
  z
    .object({
      type: z.string().meta({ description: '`/problems/` and the code.' }),
      title: z.string().meta({ description: 'The same for every problem of this code.' }),
      status: z.int(),
      code: z.enum(types.map(({ code }) => code)),
      detail: z.string().meta({ description: 'What is wrong here, and what would cure it.' }),
      errors: z
        .array(z.object({ path: z.string(), message: z.string() }))
        .optional()
        .meta({ description: 'One for each wrong field; the path is like `items.0`.' }),
      requestId: z.string().optional(),
    })
    .meta({ id: 'Problem', description: 'Problem Details for HTTP APIs, RFC 9457.' });

/**
 * The kernel's types and an application's, each once, in the order of their status.
 * @throws Error when two types have the same code.
 */
export function allProblemTypes(own: Iterable<ProblemType>): ProblemType[] {
  const types = new Map<string, ProblemType>();
  for (const type of [...Object.values(kernelProblems), ...own]) {
    const known = types.get(type.code);
    if (known && known !== type) throw new Error(`Two problem types have the code ${type.code}.`);
    types.set(type.code, type);
  }
  return [...types.values()].sort((a, b) => a.status - b.status);
}

/** Any route may answer these, whatever it is about. */
const everywhere: readonly AnyProblemType[] = [
  ...(['malformed-request', 'request-timeout', 'expectation-failed'] as const),
  ...(['rate-limited', 'headers-too-large', 'internal-error'] as const),
];

/** Makes the error responses of an operation that answers these problems. */
export type ProblemResponses = (problems: readonly AnyProblemType[]) => ZodOpenApiResponsesObject;

/**
 * Makes one response for each status, and shares it between operations with the same codes.
 * @param own the application's types that the document's operations answer.
 */
export function problemResponses(own: Iterable<ProblemType>): ProblemResponses {
  const types = allProblemTypes(own);
  const schema = problemDetails(types);
  const made = new Map<string, ZodOpenApiResponseObject>();
  const responseOf = (status: number, ofStatus: readonly ProblemType[]) => {
    const id = [status, ...ofStatus.map(({ code }) => code)].join('.');
    const known = made.get(id) ?? problemResponse(id, ofStatus, schema);
    made.set(id, known);
    return known;
  };
  return (given) => {
    const wanted = new Set([...given, ...everywhere].map((type) => problemTypeOf(type).code));
    // In the order of all types, whatever order a definition has them in.
    const inOrder = types.filter(({ code }) => wanted.has(code));
    const byStatus = Map.groupBy(inOrder, ({ status }) => status);
    const entries = [...byStatus].map(([status, of]) => [String(status), responseOf(status, of)]);
    return Object.fromEntries(entries) as ZodOpenApiResponsesObject;
  };
}

function problemResponse(
  id: string,
  ofStatus: readonly ProblemType[],
  schema: ReturnType<typeof problemDetails>,
): ZodOpenApiResponseObject {
  const examples = ofStatus.map(({ code, status, title }) => {
    const type = `/problems/${code}`;
    return [code, { value: { type, title, status, code, detail: `${title}.` } }];
  });
  return {
    id,
    description: ofStatus.map(({ code, title }) => `\`${code}\`: ${title}.`).join('\n\n'),
    headers: answerHeaders.other,
    content: {
      'application/problem+json': { schema, examples: Object.fromEntries(examples) },
    },
  };
}
