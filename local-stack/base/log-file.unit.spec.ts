import { describe, expect, it } from 'vitest';
import { telling } from './log-file.ts';

describe('the last words of a process', () => {
  it('are the error of a crash, not the version that Node prints after it', () => {
    const crash = ['file.ts:1', 'throw x', '^', '', 'Error: no lanes', '    at main (file.ts:1:2)'];
    expect(telling([...crash, '', 'Node.js v24.0.0', ''])).toBe('Error: no lanes');
  });

  it('are the last line where nothing looks like an error', () => {
    expect(telling(['one', 'two', ''])).toBe('two');
    expect(telling([''])).toBe('');
  });
});
