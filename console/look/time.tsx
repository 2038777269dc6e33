import { clock } from '../system/preferences.ts';
import { useStore } from '../system/store.ts';

/** A time as all of the console shows it: of the user's own zone, or UTC. */
export function Time({ at, only }: { at: string | number; only?: 'time' }) {
  const isUtc = useStore(clock) === 'utc';
  const date = new Date(at);
  const zone = isUtc ? { timeZone: 'UTC' } : {};
  const text = new Intl.DateTimeFormat('en-GB', {
    ...zone,
    ...(only !== 'time' && { dateStyle: 'medium' }),
    timeStyle: only === 'time' ? 'medium' : 'short',
  }).format(date);
  return (
    <time dateTime={date.toISOString()} title={date.toISOString()}>
      {isUtc ? `${text} UTC` : text}
    </time>
  );
}

export const milliseconds = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
