import { z } from 'zod';

/** `m` + the dataset's rank, or a caller's own. */
export const MovieId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -')
  .brand<'MovieId'>()
  .meta({
    id: 'MovieId',
    description: "`m` and the rank in the dataset, or a caller's own.",
    examples: ['m1'],
  });
export type MovieId = z.output<typeof MovieId>;

/** Some clients write UUIDs in capitals. */
const Uuid = z.uuid('must be a UUID').toLowerCase();

/** `uuid5` of the user who opened the ticket and of the Idempotency-Key. */
export const TicketId = Uuid.brand<'TicketId'>();
export type TicketId = z.output<typeof TicketId>;

/** `uuid5` of the user, the movie and the time at which it was watched. */
export const PlayId = Uuid.brand<'PlayId'>();
export type PlayId = z.output<typeof PlayId>;

/** `uuid5` of the operator, the act and the Idempotency-Key. */
export const JobId = Uuid.brand<'JobId'>();
export type JobId = z.output<typeof JobId>;

/** `uuid5` of the user and of how many webhooks they have added. */
export const WebhookId = Uuid.brand<'WebhookId'>();
export type WebhookId = z.output<typeof WebhookId>;

/** `uuid5` of the webhook and the event. */
export const DeliveryId = Uuid.brand<'DeliveryId'>();

/**
 * The ids of the ticket, the play and the job that the user `ada` makes by the API
 * documents' examples.
 */
export const exampleIds = {
  ticketId: '2b93e69e-8da0-5a0e-a2b3-935c4bd76e63',
  jobId: 'c51d8787-203d-5307-88f5-d1525a9bce91',
  webhookId: '7fe1f6ac-316c-5854-a7d2-d5bcfe191302',
  deliveryId: '0d3c1f52-8a4e-5d1b-9c7a-3f2e1d0c9b8a',
  playId: '508a2444-eabd-52cb-8056-f918d2232999',
};
