import { expect, it } from 'vitest';
import { BulkShare } from './bulk-share.ts';

it('transactions are filled with bulk requests where nobody else sends any', () => {
  expect(new BulkShare().size).toBe(500);
});

it('beside others, a transaction takes more bulk requests while transactions are short', () => {
  const share = new BulkShare();
  share.otherCame();
  expect(share.size).toBe(32);
  for (let n = 0; n < 20; n += 1) share.lasted(10);
  expect(share.size).toBe(256);
  share.lasted(60);
  expect(share.size).toBe(128);
  for (let n = 0; n < 20; n += 1) share.lasted(60);
  expect(share.size).toBe(32);
});
