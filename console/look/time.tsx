import { clock } from '../system/preferences.ts';
import { useStore } from '../system/store.ts';

const kinds = {
  time: { timeStyle: 'medium' },
  both: { dateStyle: 'medium', timeStyle: 'short' },
  precise: {
    ...{ day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' },
    ...{ second: '2-digit', fractionalSecondDigits: 3 },
  },
  /** Of another year than this one. */
  preciseThen: {
    ...{ year: 'numeric', day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' },
    ...{ second: '2-digit', fractionalSecondDigits: 3 },
  },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

type Kind = keyof typeof kinds;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes longer than a hundred uses of it. */
function formatOf(kind: Kind, isUtc: boolean): Intl.DateTimeFormat {
  const key = `${kind} ${isUtc}`;
  const known = formats.get(key);
  if (known) return known;
  const zone = isUtc ? { timeZone: 'UTC' } : {};
  const format = new Intl.DateTimeFormat('en-GB', { ...zone, ...kinds[kind] });
  formats.set(key, format);
  return format;
}

type TimeProps = { at: string | number; only?: 'time'; precise?: boolean };

/** A time as all of the console shows it: of the user's own zone, or UTC. */
export function Time({ at, only, precise }: TimeProps) {
  const isUtc = useStore(clock) === 'utc';
  const date = new Date(at);
  const isThisYear = date.getFullYear() === new Date().getFullYear();
  const exact = isThisYear ? 'precise' : 'preciseThen';
  const text = formatOf(precise ? exact : (only ?? 'both'), isUtc).format(date);
  return (
    <time dateTime={date.toISOString()} title={date.toISOString()}>
      {isUtc ? `${text} UTC` : text}
    </time>
  );
}

export const milliseconds = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
