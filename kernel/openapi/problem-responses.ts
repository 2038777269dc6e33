import { z } from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { type ProblemCode, problems } from '../problems.ts';
import { answerHeaders } from './headers.ts';

const codes = Object.keys(problems) as ProblemCode[];

/** What `problemBody` in kernel/http/problem-answers.ts makes. */
const ProblemDetails = z
  .object({
    type: z.string().meta({ description: '`/problems/` and the code.' }),
    title: z.string().meta({ description: 'The same for every problem of this code.' }),
    status: z.int(),
    code: z.enum(codes),
    detail: z.string().meta({ description: 'What is wrong here, and what would cure it.' }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'One for each wrong field; the path is like `genres.0`.' }),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'Problem Details for HTTP APIs, RFC 9457.' });

/** Any route may answer these: the limit on requests is for all, and bugs can be anywhere. */
const everywhere: readonly ProblemCode[] = ['rate-limited', 'internal-error'];

export type ProblemResponses = (problems: readonly ProblemCode[]) => ZodOpenApiResponsesObject;

/** Makes one response for each status, and shares it between operations with the same codes. */
export function problemResponses(): ProblemResponses {
  const made = new Map<string, ZodOpenApiResponseObject>();
  const responseOf = (status: number, ofStatus: readonly ProblemCode[]) => {
    const id = [status, ...ofStatus].join('.');
    const known = made.get(id) ?? problemResponse(id, ofStatus);
    made.set(id, known);
    return known;
  };
  return (given) => {
    const wanted = new Set([...given, ...everywhere]);
    // In the order of the table, whatever order a definition has them in.
    const inOrder = codes.filter((code) => wanted.has(code));
    const byStatus = Map.groupBy(inOrder, (code) => problems[code].status);
    const entries = [...byStatus].map(([status, of]) => [String(status), responseOf(status, of)]);
    return Object.fromEntries(entries) as ZodOpenApiResponsesObject;
  };
}

function problemResponse(id: string, ofStatus: readonly ProblemCode[]): ZodOpenApiResponseObject {
  const examples = ofStatus.map((code) => {
    const { title, status } = problems[code];
    const type = `/problems/${code}`;
    return [code, { value: { type, title, status, code, detail: `${title}.` } }];
  });
  return {
    id,
    description: ofStatus.map((code) => `\`${code}\`: ${problems[code].title}.`).join('\n\n'),
    headers: answerHeaders.other,
    content: {
      'application/problem+json': {
        schema: ProblemDetails,
        examples: Object.fromEntries(examples),
      },
    },
  };
}
