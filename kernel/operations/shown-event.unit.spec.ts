import { describe, expect, it } from 'vitest';
import type { Entry } from './log-entries.ts';
import { ShownEvent, shownEvent } from './shown-event.ts';

/** What operators see of a record that no code can decode. */

const reason = 'not in the Confluent wire format';

const undecodable = (value: Buffer | null): Entry => ({
  record: {
    ...{ topic: 'test.parcels', lane: 1, offset: 7, timestamp: 0, headers: {} },
    ...{ key: Buffer.from('p1'), value },
  },
  ...{ context: 'parcels', event: null, undecodable: reason },
});

const shown = (value: Buffer | null, how?: { revealed: boolean }) => {
  const event = shownEvent(undecodable(value), how);
  expect(ShownEvent.parse(event)).toEqual(event);
  return event;
};

describe('a record that can’t be decoded', () => {
  const value = Buffer.from('{"note":"My phone is 555-0100."}');

  it('says why and how long it is, and keeps to itself what people may have written', () => {
    const event = shown(value);
    expect(event).toMatchObject({ type: null, data: null, undecodable: reason });
    expect(event.raw).toEqual({ bytes: value.length, dump: null });
    expect(JSON.stringify(event)).not.toMatch(/555|35 ?35 ?35/);
  });

  it('shows its bytes and the same as text to who has revealed it', () => {
    expect(shown(value, { revealed: true }).raw).toEqual({
      bytes: value.length,
      dump: [
        '000000  7b 22 6e 6f 74 65 22 3a 22 4d 79 20 70 68 6f 6e  {"note":"My phon',
        '000010  65 20 69 73 20 35 35 35 2d 30 31 30 30 2e 22 7d  e is 555-0100."}',
      ].join('\n'),
    });
  });

  it('shows its first KB only, however long it is', () => {
    const raw = shown(Buffer.alloc(5_000, 'a\x00'), { revealed: true }).raw;
    expect(raw?.bytes).toBe(5_000);
    const lines = raw?.dump?.split('\n') ?? [];
    expect(lines).toHaveLength(64);
    expect(lines.at(-1)).toBe(`0003f0  ${'61 00 '.repeat(8)} ${'a.'.repeat(8)}`);
  });

  it.each([null, Buffer.alloc(0)])('has nothing to reveal without bytes', (none) => {
    expect(shown(none).raw).toEqual({ bytes: 0, dump: '' });
  });
});
