import { useEffect } from 'react';
import { Store } from '../system/store.ts';

/** Whose events stand behind a screen: what the operator's page of streams asks for. */
export type Behind = { of: 'movie' | 'user' | 'ticket' | 'topic'; id: string };

type Screen = { title: string; behind: Behind | null };

export const screen = new Store<Screen>({ title: '', behind: null });

/** Names the screen, in the tab's title too, and says whose events it shows. */
export function useScreen(title: string, of?: Behind['of'], id?: string): void {
  useEffect(() => {
    screen.set({ title, behind: of && id ? { of, id } : null });
    document.title = title ? `${title} · Movies` : 'Movies, event by event';
  }, [title, of, id]);
}
