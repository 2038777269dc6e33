import { reactor } from '@event-sourced/kernel/reactor';
import type { PeopleEvent } from '#schemas/generated/events.ts';

/** Who was erased is told of nothing any more: their webhooks are removed. */
export const webhookErasures = reactor<PeopleEvent>({
  name: 'webhooks-erasures',
  topic: 'people',
  roles: [],
  when: {
    PersonErased: ({ data: { userId, erasedAt } }) => ({
      POST: '/v1/webhooks/forget',
      body: { userId, erasedAt },
    }),
  },
});
