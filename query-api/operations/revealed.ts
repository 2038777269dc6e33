import { eventUnknown, revealedEvent, ShownEvent } from '@event-sourced/kernel/operations';
import { Problem } from '@event-sourced/kernel/problems';
import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { EventPlace, exampleEvent } from '#schemas/operations/event-place.ts';
import { reveal, revealedMs } from '#schemas/operations/jobs-view.ts';
import { notRevealed } from '#schemas/operations/problems.ts';
import { roles } from '#schemas/roles.ts';
import { views } from '#schemas/views.ts';

/** Who reads the text of people has said so in the log, a short while ago. */
export const revealed = query({
  name: 'ops-revealed',
  summary: 'An event with the text of people, for who has revealed it within ten minutes',
  route: 'GET /v1/ops/revealed',
  views: [views.jobs],
  for: roles.operator,
  input: z.object({ event: EventPlace }),
  example: { event: exampleEvent },
  output: ShownEvent,
  problems: [notRevealed, eventUnknown],
  async answer({ event }, { read, caller, operations }) {
    const lately = { act: reveal, requestedAt: { $gt: Date.now() - revealedMs } };
    const { userId } = caller!;
    // By `users` there is an index; who cancels another's act has asked for nothing.
    const own = read(views.jobs).find({ ...lately, users: userId, requestedBy: userId });
    const inputs = (await own.toArray()).map(({ input }) => JSON.parse(input) as { event: string });
    if (!inputs.some((input) => input.event === event)) {
      throw new Problem(notRevealed, `First reveal ${event}: POST /v1/ops/reveals.`);
    }
    const [topic, lane, offset] = event.split('/') as [string, string, string];
    return revealedEvent(operations, { topic, lane: Number(lane), offset: Number(offset) });
  },
});
