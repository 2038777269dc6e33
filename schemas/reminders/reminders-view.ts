import type { Millis, PersonalText } from '@event-sourced/kernel/event';
import { view } from '@event-sourced/kernel/view';

/** A movie that a user wants to see; once removed or watched it has no document. */
export type ReminderDocument = {
  /** `movieId/userId`. */
  _id: string;
  movieId: string;
  userId: string;
  note: PersonalText | null;
  remindAt: Millis | null;
  setAt: Millis;
  /** When `remindAt` was seen to have passed; null before that, and without a `remindAt`. */
  dueAt: Millis | null;
  /** `remindAt`, until it was seen to have passed. */
  waitsUntil?: Millis;
};

export const remindersView = view<ReminderDocument>({
  name: 'reminders',
  version: 3,
  topics: ['reminders'],
  copied: { by: 'userId' },
  indexes: [
    { key: { userId: 1, setAt: -1, _id: 1 } },
    { key: { waitsUntil: 1, _id: 1 }, partialFilterExpression: { waitsUntil: { $exists: true } } },
  ],
});
