import { describe, expect, it, vi } from 'vitest';
import { KeyUnknownError } from '../personal-text.ts';
import { Problem, problemType } from '../problems.ts';
import { decidedWithKeys } from './decided-with-keys.ts';

const needed = problemType('person-key-needed', 503, 'A key for the text is being made');
const needsKey = new Problem(needed, 'One.', { errors: [{ path: 'person', message: 'alice' }] });
const later = () => performance.now() + 10_000;
const keys = () => ({ provide: vi.fn(async () => {}), settle: vi.fn(async () => {}) });

describe('a command with text', () => {
  it('is decided again once its person has a key', async () => {
    const made = keys();
    const decide = vi.fn().mockRejectedValueOnce(needsKey).mockResolvedValueOnce('done');
    expect(await decidedWithKeys({ ...made, decide, until: later() })).toBe('done');
    expect(made.provide).toHaveBeenCalledExactlyOnceWith('alice');
  });

  it('is decided again once it is known whether a key is there', async () => {
    const made = keys();
    const unknown = new Error('undecided', { cause: new KeyUnknownError('k1') });
    const decide = vi.fn().mockRejectedValueOnce(unknown).mockResolvedValueOnce('done');
    expect(await decidedWithKeys({ ...made, decide, until: later() })).toBe('done');
    expect(made.settle).toHaveBeenCalledExactlyOnceWith('k1');
  });

  it.each([
    ['too many tries', later],
    ['too long', () => performance.now()],
  ])('is refused after %s, without a word of whose key it is', async (_, until) => {
    const decide = vi.fn().mockRejectedValue(needsKey);
    const refused = decidedWithKeys({ ...keys(), decide, until: until() });
    const problem = await refused.catch((error: unknown) => error as Problem);
    expect(problem).toMatchObject({ code: 'part-away', status: 503 });
    expect(JSON.stringify(Object.assign({}, problem))).not.toContain('alice');
    expect(String(problem)).not.toContain('alice');
  });

  it('fails for whatever else it fails for, at once', async () => {
    const decide = vi.fn().mockRejectedValue(new Problem('overloaded', 'Too many of them.'));
    const refused = decidedWithKeys({ ...keys(), decide, until: later() });
    await expect(refused).rejects.toThrow('Too many of them.');
    expect(decide).toHaveBeenCalledOnce();
  });
});
