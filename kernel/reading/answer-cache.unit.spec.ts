import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AnswerCache } from './answer-cache.ts';
import type { Make } from './shared-answer.ts';

let made = 0;
const make: Make = async () => {
  const body = String(++made);
  return { body, bytes: body.length, etag: '' };
};
const broken: Make = () => Promise.reject(new Error('away'));

const stays = new AbortController().signal;
const maxBytes = 32_000;

let answers: AnswerCache;
const get = async (key: string, state: string, how = make, gone = stays) => {
  const turn = <T>(making: () => Promise<T>) => making();
  return String((await answers.get({ key, state, gone, turn, make: how })).body);
};

beforeEach(() => {
  made = 0;
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  // lru-cache takes a start at 0 for none.
  vi.advanceTimersByTime(1);
  answers = new AnswerCache({ answerCacheBytes: maxBytes, answerWithinMs: 5_000 });
});
afterEach(() => void vi.useRealTimers());

describe('an answer', () => {
  it('is given again while the views have not moved', async () => {
    const given = [await get('a', 's1'), await get('a', 's1'), await get('b', 's1')];
    expect(given).toEqual(['1', '1', '2']);
  });

  it('is shared by requests at the same time', async () => {
    expect(await Promise.all([get('a', 's1'), get('a', 's1')])).toEqual(['1', '1']);
  });

  it('is made anew once a view has moved, or after a second', async () => {
    expect([await get('a', 's1'), await get('a', 's2')]).toEqual(['1', '2']);
    vi.advanceTimersByTime(1_001);
    expect(await get('a', 's2')).toBe('3');
  });

  it('is as old as the reading that it was made by', async () => {
    const slow: Make = async (ending) => {
      vi.advanceTimersByTime(900);
      return make(ending);
    };
    await get('a', 's1', slow);
    vi.advanceTimersByTime(101);
    expect(await get('a', 's1')).toBe('2');
  });

  it('that failed is not kept', async () => {
    await expect(get('a', 's1', broken)).rejects.toThrow('away');
    expect(await get('a', 's1')).toBe('1');
  });
});

const sized =
  (bytes: number): Make =>
  async () => ({ body: 'x'.repeat(bytes), bytes, etag: '' });

describe('memory', () => {
  it('is bounded by bytes: the least recently used answers leave first', async () => {
    for (let number = 0; number < 200; number += 1) await get(`key ${number}`, 's1', sized(450));
    expect(answers.bytes).toBeGreaterThan(maxBytes / 2);
    expect(answers.bytes).toBeLessThanOrEqual(maxBytes);
  });

  it('is not taken by one large answer', async () => {
    await get('large', 's1', sized(maxBytes / 32));
    expect(answers.bytes).toBe(0);
  });

  it('is given back when answers expire', async () => {
    await get('a', 's1', sized(450));
    expect(answers.bytes).toBeGreaterThan(900);
    vi.advanceTimersByTime(1_002);
    expect(answers.bytes).toBe(0);
  });
});

/** Work that ends when it is told to. */
const endless: Make = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('the work on an answer', () => {
  let ended: AbortSignal | undefined;
  const watched: Make = (ending) => {
    ended = ending.signal;
    return endless(ending);
  };

  it('ends when nobody waits for it any more, and another request begins anew', async () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const waiting = [get('a', 's1', watched, one.signal), get('a', 's1', watched, other.signal)];
    const settled = Promise.allSettled(waiting);
    one.abort();
    expect(ended?.aborted).toBe(false);
    other.abort();
    expect(ended?.aborted).toBe(true);
    expect(await get('a', 's1')).toBe('1');
    await settled;
  });

  it('ends after its time', async () => {
    const waiting = get('a', 's1', watched);
    const away = expect(waiting).rejects.toMatchObject({ code: 'part-away' });
    vi.advanceTimersByTime(5_001);
    await away;
    expect(ended?.aborted).toBe(true);
  });
});
