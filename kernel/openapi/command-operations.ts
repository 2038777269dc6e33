import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import type { Command } from '../aggregate.ts';
import type { AnyProblemType, KernelProblemCode } from '../problems.ts';
import { answerHeaders, optionalKey, requestHeaders, requiredKey } from './headers.ts';
import {
  bearer,
  exampleName,
  type Fields,
  hasFields,
  needs,
  readRoute,
  split,
} from './operation.ts';
import type { ProblemResponses } from './problem-responses.ts';

/** The body of every command's answer. */
const answer = {
  stream: z.string().meta({ description: 'What was changed: its topic and its id.' }),
  version: z.int().meta({ description: 'Its version now.' }),
  events: z.array(z.string()).meta({ description: 'What happened; nothing if it held already.' }),
  unchanged: z.boolean(),
  token: z.string().meta({ description: 'The Consistency-Token, for reads that have to see it.' }),
};
const CommandAnswer = z.object(answer).meta({ id: 'CommandAnswer' });

/** The problems that any command may answer, in the order in which they are checked. */
const always: readonly KernelProblemCode[] = [
  'unauthorized',
  'forbidden',
  'invalid-input',
  'invalid-token',
  'key-reused',
  'version-mismatch',
  'event-too-large',
  'overloaded',
  'lane-unavailable',
  'part-away',
];
const withBody: readonly KernelProblemCode[] = [
  'body-too-large',
  'media-type-unsupported',
  'malformed-json',
  'request-timeout',
];

/** The operation of each command that has a route. */
export function commandOperations(
  commands: readonly Command[],
  recorded: Record<string, unknown>,
  problemsAs: ProblemResponses,
) {
  return commands
    .filter(({ route }) => route !== null)
    .map((command) => {
      const { method, path } = readRoute(command.route as string);
      const operation = operationOf(command, recorded[command.name], problemsAs);
      return { method, path, input: command.example as Fields, operation };
    });
}

function operationOf(
  command: Command,
  recorded: unknown,
  problemsAs: ProblemResponses,
): ZodOpenApiOperationObject {
  const { method, params } = readRoute(command.route as string);
  const { path, rest } = split(command.input as z.ZodObject, params);
  const isPost = method === 'post';
  const { requestId, ifMatch, ifAbsent, seen } = requestHeaders;
  const key = isPost ? requiredKey(`${command.name}-1`) : optionalKey;
  return {
    operationId: command.name,
    summary: command.summary ?? command.name,
    ...(command.deprecated && { deprecated: true }),
    description: needs(command.role),
    tags: [command.aggregate.topic],
    security: [bearer],
    parameters: [key, ifMatch, ifAbsent, seen, requestId],
    requestParams: {
      path,
      ...(method === 'delete' && { query: rest }),
    },
    ...(method !== 'delete' &&
      hasFields(rest) && { requestBody: body(rest, command.example as Fields) }),
    responses: { ...answers(command, recorded), ...problemsAs(problemsOf(command, isPost)) },
  };
}

function body(fields: z.ZodObject, input: Fields = {}) {
  const value = Object.fromEntries(
    Object.entries(input).filter(([name]) => Object.hasOwn(fields.shape, name)),
  );
  return {
    required: !fields.safeParse({}).success,
    content: { 'application/json': { schema: fields, examples: { [exampleName]: { value } } } },
  };
}

function answers(command: Command, value: unknown): ZodOpenApiResponsesObject {
  const schema = command.ids ? CommandAnswer.extend(optional(command.ids)) : CommandAnswer;
  const plain = { 'application/json': { schema } };
  const shown = { 'application/json': { schema, examples: { [exampleName]: { value } } } };
  const content = value === undefined ? plain : shown;
  if (!command.created || command.withoutLocation) {
    const description = 'Done; or it was so already: then `unchanged`.';
    return { '200': { description, headers: answerHeaders.command, content } };
  }
  const description = 'Done, and nothing new was made; or it was so already: then `unchanged`.';
  return {
    '200': { description, headers: answerHeaders.command, content: plain },
    '201': { description: 'Made.', headers: answerHeaders.created, content },
  };
}

/** The answer to a command that made nothing has no ids. */
const optional = (ids: Record<string, z.ZodType>) =>
  Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, id.optional()]));

const problemsOf = (command: Command, isPost: boolean): AnyProblemType[] => [
  ...always,
  ...(readRoute(command.route as string).method === 'delete' ? [] : withBody),
  ...(isPost ? (['idempotency-key-required'] as const) : []),
  ...(command.requires ?? []).flatMap((rule) => rule.problems ?? []),
  ...(command.problems ?? []),
];
