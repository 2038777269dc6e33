import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextMap } from './text-map.ts';

describe('a map by text', () => {
  it('has what a Map has, after any changes', () => {
    const text = fc.string({ maxLength: 2 });
    const changes = fc.array(fc.record({ text, value: fc.option(fc.nat()) }));
    fc.assert(
      fc.property(changes, text, (all, asked) => {
        const [map, expected] = [new TextMap<number>(), new Map<string, number>()];
        for (const { text, value } of all) {
          if (value === null) expect(map.delete(text)).toBe(expected.delete(text));
          else {
            map.set(text, value);
            expected.set(text, value);
          }
        }
        expect(map.get(asked)).toBe(expected.get(asked));
      }),
    );
  });

  it('never copies more than a few of its entries at once', () => {
    const map = new TextMap<number>();
    for (let at = 0; at < 100_000; at += 1) map.set(`name ${at}`, at);
    expect(map.largestPart).toBeLessThan(2_000);
  });
});
