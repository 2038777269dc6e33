import { expect, it } from 'vitest';
import { isMeant } from '../operations/event-limits.ts';
import type { Entry } from '../operations/log-entries.ts';
import { parcelExamples } from '../testing/parcels.ts';
import { fingerprintOf, hashIn, idsOf, limitsFor, ownKinds, placeHash } from './event-ids.ts';

const filters = { depot: 'depotId', parcel: 'parcelId' };

it('an event has exactly the ids by which a search takes it', () => {
  const { ParcelScanned: event } = parcelExamples;
  const found = idsOf(event, filters).sort();
  expect(found).toEqual([
    `correlation ${event.meta.correlationid}`,
    ...['depot d1', 'parcel p1', `stream ${event.meta.subject}`, 'user ada'],
  ]);
  const entry = { event } as Entry;
  for (const id of found) {
    const [kind = '', ...value] = id.split(' ');
    expect(isMeant(entry, limitsFor({ kind, value: value.join(' ') }, filters))).toBe(true);
    expect(isMeant(entry, limitsFor({ kind, value: 'other' }, filters))).toBe(false);
  }
  expect(new Set(found.map((id) => id.split(' ')[0]))).toEqual(
    new Set(['depot', 'parcel', ...ownKinds]),
  );
});

it('hashes differ by place and by any character, and spread over 32 bits', () => {
  const hashes = new Set<number>();
  for (const place of ['parcels/0', 'parcels/1', 'depots/0']) {
    for (let at = 0; at < 30_000; at += 1) hashes.add(hashIn(placeHash(place), `parcel p${at}`));
  }
  // Of so many numbers of 32 bits, one pair or two would be equal by chance.
  expect(hashes.size).toBeGreaterThan(90_000 - 10);
  expect(Math.max(...[...hashes].slice(0, 1_000))).toBeGreaterThan(2 ** 30);
  expect(Math.min(...[...hashes].slice(0, 1_000))).toBeLessThan(-(2 ** 30));
});

it('other filters have an index of their own', () => {
  expect(fingerprintOf(filters)).not.toBe(fingerprintOf({ depot: 'depotId' }));
});
