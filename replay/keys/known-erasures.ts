import { decodeRecord } from '#kernel/personal/key-topic.ts';
import { registerKeys } from '#kernel/personal-text.ts';
import { type KeyPlace, recordsOf } from './key-records.ts';

/** Lets this process know which keys are destroyed by now, without any master key. */
export async function knowErasures(place: KeyPlace): Promise<void> {
  const erased = new Set<string>();
  for (const [key, value] of (await recordsOf(place)) ?? []) {
    const record = decodeRecord(key, value);
    if (record.kind === 'erased') erased.add(record.keyId);
  }
  registerKeys({
    find: (keyId) => (erased.has(keyId) ? 'erased' : undefined),
    unreadable: () => {},
  });
}
