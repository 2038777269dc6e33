import { personalText } from '#kernel/personal-text.ts';
import type { PlayDocument } from '#schemas/reminders/plays-view.ts';
import type { ReminderDocument } from '#schemas/reminders/reminders-view.ts';

/** A reminder as the projector writes it, from the few facts that a test is about. */
export const reminderDocument = (
  movieId: string,
  userId: string,
  { note, ...given }: Partial<Omit<ReminderDocument, 'note'>> & { note?: string } = {},
): ReminderDocument => ({
  ...{ _id: `${movieId}/${userId}`, movieId, userId, remindAt: null, setAt: 0, dueAt: null },
  note: note === undefined ? null : personalText(note),
  ...given,
});

export const playDocument = (
  _id: string,
  movieId: string,
  userId: string,
  watchedAt = 0,
): PlayDocument => ({ _id, movieId, userId, watchedAt });
