import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localAuthSecret } from './secret.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'secret-spec-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the local secret', () => {
  it('stays the same, and only its owner may read it', async () => {
    const [first, second] = await Promise.all([localAuthSecret(dir), localAuthSecret(dir)]);
    expect(second).toBe(first);
    expect(first.length).toBeGreaterThanOrEqual(32);
    expect(statSync(join(dir, 'auth-secret')).mode & 0o777).toBe(0o600);
  });
});
