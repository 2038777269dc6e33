import { useEffect } from 'react';
import { Store } from '../system/store.ts';

/** The filter by which the operators' page of streams finds the events behind a screen. */
export type Behind = Readonly<Record<string, string | undefined>>;

type Screen = { title: string; behind: Behind | null };

export const screen = new Store<Screen>({ title: '', behind: null });

/** Of very many events, the newest count. */
export const allEvents: Behind = { order: 'newest' };
export const eventsOfTopic = (topic: string): Behind => ({ topic, ...allEvents });

/** Names the screen, in the tab's title too, and says whose events it shows. */
export function useScreen(title: string, behind: Behind | null = null): void {
  const text = JSON.stringify(behind);
  useEffect(() => {
    screen.set({ title, behind: JSON.parse(text) as Behind | null });
    document.title = title ? `${title} · Movies` : 'Movies, event by event';
  }, [title, text]);
}
