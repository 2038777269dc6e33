import { z } from 'zod';
import { hookBody, hookEventNames } from '#schemas/webhooks/hook-events.ts';

/** What webhooks receive, as an AsyncAPI document beside that of the events. */

const header = (description: string) => ({ type: 'string', description });
const headers = {
  type: 'object',
  required: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
  properties: {
    'webhook-id': header('The same for each repeat: whoever has taken it leaves it out.'),
    'webhook-timestamp': header('When it was sent, in seconds since 1970.'),
    'webhook-signature': header('One or two signatures, v1 of Standard Webhooks.'),
  },
};

export const webhooksDocument = {
  asyncapi: '3.0.0',
  info: {
    title: 'Webhooks',
    version: '1',
    description:
      'What is posted to the URLs of `POST /v1/me/webhooks`, signed by the rules of Standard ' +
      'Webhooks. Each comes at least once, in no promised order; any 2xx takes it.',
  },
  defaultContentType: 'application/json',
  channels: {
    webhook: {
      address: null,
      title: "A user's webhook",
      messages: Object.fromEntries(
        hookEventNames.map((name) => [name, { $ref: `#/components/messages/${name}` }]),
      ),
    },
  },
  operations: {
    tell: { action: 'send', channel: { $ref: '#/channels/webhook' } },
  },
  components: {
    messages: Object.fromEntries(
      hookEventNames.map((name) => {
        const { $schema: _, ...payload } = z.toJSONSchema(hookBody(name));
        return [name, { name, headers, payload }];
      }),
    ),
  },
};
