import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { query } from '../query.ts';
import { AskedUrls, asked } from './asked.ts';

const parcels = query({
  name: 'parcels',
  summary: 'Parcels of some depots',
  route: 'GET /v1/parcels',
  views: [],
  input: z.object({ depot: z.array(z.string()) }),
  example: { depot: ['north'] },
  output: z.object({}),
  answer: async () => ({}),
});
const others = { asOf: undefined, consistency: undefined };

describe('what a URL asks for', () => {
  it('is read once, and then remembered', () => {
    const urls = new AskedUrls();
    let reads = 0;
    const read = () => {
      reads += 1;
      return asked(parcels, { depot: ['north'] }, others);
    };
    expect(urls.of('/v1/parcels?depot=north', read)).toBe(urls.of('/v1/parcels?depot=north', read));
    expect(reads).toBe(1);
  });

  it('has the same key for every spelling of the same input', () => {
    const keyOf = (depot: string[]) => asked(parcels, { depot }, others).key;
    expect(keyOf(['north'])).toBe(keyOf(['north']));
    expect(keyOf(['north'])).not.toBe(keyOf(['south']));
  });

  it('can’t be changed by one of the requests that share it', () => {
    const { input } = asked(parcels, { depot: ['north'] }, others);
    expect(() => (input.depot as string[]).push('south')).toThrow(TypeError);
  });

  it('is remembered of 5,000 URLs at most, and of fewer if they are long', () => {
    const urls = new AskedUrls();
    const reads = new Map<string, number>();
    const ask = (url: string) =>
      urls.of(url, () => {
        reads.set(url, (reads.get(url) ?? 0) + 1);
        return asked(parcels, { depot: [] }, others);
      });
    const long = (n: number) => `/v1/parcels?depot=${'n'.repeat(2_000)}${n}`;
    for (const url of [long(0), long(0)]) ask(url);
    expect(reads.get(long(0))).toBe(1);
    for (let n = 1; n <= 1_000; n += 1) ask(long(n));
    ask(long(0));
    expect(reads.get(long(0))).toBe(2);
    for (let n = 0; n <= 5_000; n += 1) ask(`/v1/parcels?depot=${n}`);
    ask('/v1/parcels?depot=0');
    expect(reads.get('/v1/parcels?depot=0')).toBe(2);
  });

  it('is not remembered where it can’t be read', () => {
    const urls = new AskedUrls();
    const unreadable = () => {
      throw new Error('depot: is not known');
    };
    expect(() => urls.of('/v1/parcels?x=1', unreadable)).toThrow();
    const right = asked(parcels, { depot: [] }, others);
    expect(urls.of('/v1/parcels?x=1', () => right)).toBe(right);
  });
});
