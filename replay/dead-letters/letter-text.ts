import { hexDump } from '#kernel/operations/hex-dump.ts';
import type { Entry } from '#kernel/operations/log-entries.ts';
import type { DiscardedLetter } from '#kernel/projector/dead-letters/dead-letter-retry.ts';
import { type DeadLetter, recordOf } from '#kernel/projector/dead-letters/dead-letters.ts';
import { plain } from '../log/event-lines.ts';
import type { KeyOfLetters, ListedLetter } from './letters.ts';

/** Dead letters, for people and as JSON. */

const moment = (at: Date): string => at.toISOString();
const placeOf = ({ topic, lane, offset }: Pick<DeadLetter, 'topic' | 'lane' | 'offset'>): string =>
  `${topic}/${lane}/${offset}`;

export function keyText({ view, topic, lane, key, letters, first }: KeyOfLetters): string {
  const others = letters > 1 ? `, and ${letters - 1} behind it` : '';
  const place = placeOf({ topic, lane, offset: first.offset });
  return [
    first._id,
    `  ${view}, ${place}, key ${key}, since ${moment(first.parkedAt)}${others}`,
    `  ${first.error}`,
  ].join('\n');
}

export function letterText(letter: ListedLetter | DiscardedLetter): string {
  const { _id, view, key, parkedAt, error } = letter;
  const lines = [
    _id,
    `  ${view}, ${placeOf(letter)}, key ${key}, since ${moment(parkedAt)}`,
    `  ${error}`,
  ];
  if ('reason' in letter) lines.push(`  discarded ${moment(letter.discardedAt)}: ${letter.reason}`);
  return lines.join('\n');
}

export const letterJson = ({ _id: id, ...letter }: ListedLetter): object => ({ id, ...letter });

export function shownText(letter: DeadLetter, entry: Entry): string {
  const { value, headers } = recordOf(letter, '');
  const named = Object.entries(headers).map(([name, bytes]) => `  ${name}: ${bytes}`);
  return [
    letter._id,
    `view       ${letter.view}, generation ${letter.generation}`,
    `record     ${placeOf(letter)}, key ${letter.key}, ${new Date(letter.timestamp).toISOString()}`,
    `parked     ${moment(letter.parkedAt)}`,
    ...(named.length > 0 ? ['headers', ...named] : []),
    `error      ${letter.error}`,
    ...(letter.stack?.split('\n').slice(1) ?? []),
    entry.event ? 'event' : `event      can't be decoded: ${entry.undecodable}`,
    ...(entry.event ? [JSON.stringify(plain(entry), null, 2)] : []),
    `bytes      ${value?.length ?? 'none'}`,
    ...(value ? hexDump(value).map((line) => `  ${line}`) : []),
  ].join('\n');
}

export function shownJson(letter: DeadLetter, entry: Entry): object {
  const { value, headers } = recordOf(letter, '');
  const texts = Object.entries(headers).map(([name, bytes]) => [name, String(bytes)]);
  return {
    ...letterJson(letter),
    headers: Object.fromEntries(texts),
    value: value?.toString('base64') ?? null,
    event: entry.event ? plain(entry) : null,
    undecodable: entry.undecodable,
  };
}
