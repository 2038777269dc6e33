import fc from 'fast-check';
import { v5 } from 'uuid';
import { expect, test } from 'vitest';
import { commandId, eventId } from './event.ts';

const namespace = 'c7b8e4ff-3c0f-5d0a-9f0e-0a8a3f8f7a11';

test('ids are UUIDs, version 5, of what they stand for', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (text, sequence) => {
      expect(eventId(text, sequence)).toBe(v5(`${text}#${sequence}`, namespace));
      const asked = JSON.stringify(['user', 'scan', text, 'key']);
      expect(commandId('user', 'scan', text, 'key')).toBe(v5(asked, namespace));
    }),
  );
});
