import { z } from 'zod';
import { Moment, momentOf } from '../moment.ts';
import { isPersonalText, openedText } from '../personal-text.ts';
import { hexDump } from './hex-dump.ts';
import type { Entry } from './log-entries.ts';

const Text = z.string().nullable();

/** The bytes of a record that are shown, at most: enough to tell what has written it. */
const shownBytes = 1_024;

const Raw = z.object({
  bytes: z.int().meta({ description: 'How many bytes it has.' }),
  dump: Text.meta({
    description:
      'The first 1,024 of them, as `hexdump -C` shows them. Null while they are masked: people ' +
      'may have written them.',
  }),
});

/** A record of the log, as operators see it. */
export const ShownEvent = z
  .object({
    topic: z.string(),
    lane: z.int(),
    offset: z.int(),
    key: Text,
    time: Moment,
    type: Text.meta({ description: "Null if today's code can't decode the record." }),
    id: Text,
    subject: Text.meta({ description: 'The stream, with its topic.' }),
    sequence: z.int().nullable(),
    actor: Text,
    correlationid: Text,
    causationid: Text,
    commandid: Text,
    data: z.unknown().meta({ description: 'Text that people wrote is masked.' }),
    masked: z.array(z.string()).meta({ description: 'The fields of `data` that are masked.' }),
    undecodable: Text.meta({ description: 'Why the record could not be decoded.' }),
    raw: Raw.nullable().meta({ description: 'The record itself, if it could not be decoded.' }),
  })
  .meta({ id: 'OperatorsEvent' });
export type ShownEvent = z.input<typeof ShownEvent>;

/** Stands in the place of text that a person wrote. */
export const mask = '•••';

export function shownEvent(entry: Entry, { revealed = false } = {}): ShownEvent {
  const { record, context, event, undecodable } = entry;
  const { lane, offset, timestamp } = record;
  const place = { topic: context, lane, offset, key: record.key?.toString('utf8') ?? null };
  if (!event) {
    const unknown = { id: null, subject: null, sequence: null, actor: null, commandid: null };
    const causes = { correlationid: null, causationid: null };
    const raw = shownRaw(record.value ?? Buffer.alloc(0), revealed);
    const rest = { ...unknown, ...causes, type: null, data: null, masked: [], undecodable, raw };
    return { ...place, time: momentOf(timestamp), ...rest };
  }
  const { id, subject, sequence, actor, correlationid, causationid, commandid, time } = event.meta;
  const masked: string[] = [];
  const data = shownValue(event.data, revealed ? null : masked);
  return {
    ...{ ...place, time: momentOf(time), type: event.type, id, subject, sequence, actor },
    ...{ correlationid, causationid, commandid, data, masked, undecodable: null, raw: null },
  };
}

/** Nobody can tell which of the bytes are text of a person; that may stand there in clear. */
function shownRaw(value: Buffer, revealed: boolean): z.input<typeof Raw> {
  const isShown = revealed || value.length === 0;
  const dump = isShown ? hexDump(value.subarray(0, shownBytes)).join('\n') : null;
  return { bytes: value.length, dump };
}

/**
 * A value as JSON has it.
 * @param masked gets the path of each text of a person, which is masked then; null reveals them.
 */
export function shownValue(value: unknown, masked: string[] | null, path = ''): unknown {
  if (isPersonalText(value)) {
    if (masked === null) return openedText(value);
    masked.push(path);
    return mask;
  }
  const below = (name: string | number) => (path === '' ? `${name}` : `${path}.${name}`);
  if (Array.isArray(value)) return value.map((one, at) => shownValue(one, masked, below(at)));
  if (value instanceof Date) return momentOf(value.getTime());
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (value instanceof Map) return shownValue(Object.fromEntries(value), masked, path);
  if (value instanceof Set) return shownValue([...value], masked, path);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, shownValue(part, masked, below(name))]),
  );
}
