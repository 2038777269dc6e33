import { peopleOf } from '@event-sourced/kernel/service';
import { roles } from '#schemas/roles.ts';

/** The people who write text. Support writes in the tickets of others, under their keys. */
export const people = peopleOf({
  topic: 'people',
  keyMade: 'PersonKeyMade',
  erased: 'PersonErased',
  role: roles.viewer,
  route: 'DELETE /v1/me',
  others: [roles.support],
});
