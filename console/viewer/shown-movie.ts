import { useMemo } from 'react';
import { effects, type ListedMovie, withEffects } from '../system/effects.ts';
import { session } from '../system/session.ts';
import { useStore } from '../system/store.ts';

/** A movie as it was read, with what its viewer does to it at the moment. */
export function useShown<M extends ListedMovie>(read: M): M {
  const all = useStore(effects);
  const user = useStore(session)?.user ?? null;
  return useMemo(() => withEffects(read, user, all), [read, user, all]);
}
