import { z } from 'zod';
import { liveInput } from '../http/live-route.ts';
import { isPrivate } from '../live/live-view.ts';
import { event } from '../live/messages.ts';
import type { LiveDefinition } from '../live/open-live.ts';
import { answerHeaders, requestHeaders } from './headers.ts';
import { bearer, exampleName, needs, type Operation, readRoute } from './operation.ts';
import type { ProblemResponses } from './problem-responses.ts';

const lastEventId = z
  .string()
  .optional()
  .meta({
    description:
      'The last `id` of an earlier stream of the same views: this one begins with what has ' +
      'changed since. Where that is not known any more, it says `reset`.',
    param: { id: 'LastEventId', name: 'Last-Event-ID', in: 'header' },
  });

const messages = `Server-sent events. Each has JSON in \`data\`:

- \`ready\`, first: \`{views, resumed, token}\`.
- \`changed\`: \`{view, ids, token}\`: these documents are new, others than before, or gone.
- \`dropped\`: \`{views, count, token}\`: so many changes are not named, since they were too many at
once, or the client took the stream too slowly.
- \`reset\`: \`{views, token}\`: it is not known what has changed.
- \`end\`: \`{reason}\`, last: \`token-expired\` or \`node-stops\`.

After \`ready\` without \`resumed\`, \`dropped\` and \`reset\`, read these views anew. A read that
sends \`token\` as its \`Consistency-Token\` sees the change. A change may be told twice, and is
always told. Each 12 s without a message brings a comment. When the stream ends, come back with
\`Last-Event-ID\`.`;

const ready = { views: ['example'], resumed: false, token: 'WyJ0aGlzLWxvZyIse31d' };

/** The live stream in the API document. */
export function liveOperation(
  { route, views }: LiveDefinition,
  problemsAs: ProblemResponses,
): Operation {
  const names = Object.keys(views);
  const own = names.filter((name) => isPrivate(views[name]!));
  const whole = own.flatMap((name) => {
    const { everything } = views[name]!;
    return everything ? [`All of \`${name}\`: ${needs(everything)}`] : [];
  });
  const ofCaller = `Of ${own.join(', ')}: one's own, with a token.`;
  const parts = own.length > 0 ? [ofCaller, ...whole] : [];
  const { requestId } = requestHeaders;
  const example = `id: WyJ0aGlz\n${event('ready', { ...ready, views: names.slice(0, 1) })}`;
  return {
    ...readRoute(route),
    method: 'get',
    input: { views: names[0] },
    operation: {
      operationId: 'live',
      summary: 'A stream of what changes in the views that one names',
      description: ['For anybody.', ...parts].join(' '),
      tags: ['live'],
      security: [{}, bearer],
      parameters: [lastEventId, requestId],
      requestParams: { query: liveInput(views) },
      responses: {
        '200': {
          description: messages,
          headers: answerHeaders.other,
          content: {
            'text/event-stream': {
              schema: z.string(),
              examples: { [exampleName]: { value: example } },
            },
          },
        },
        ...problemsAs([
          ...(['unauthorized', 'invalid-input', 'overloaded'] as const),
          ...(['read-model-building', 'part-away'] as const),
        ]),
      },
    },
  };
}
