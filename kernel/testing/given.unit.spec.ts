import { describe, expect, it } from 'vitest';
import { folded, given } from './given.ts';
import { journal, visits } from './journal.ts';
import { parcel, parcelGone, scan } from './parcel.ts';
import { parcelExamples } from './parcels.ts';

const { ParcelScanned: scanned, ParcelHandedOver: handedOver } = parcelExamples;
const input = { depotId: 'd1', parcelId: 'p1', condition: 'whole' };

describe('a decision', () => {
  const previous = { previous: 'damaged', previousScanAt: scanned.data.scannedAt } as const;
  const whole = { type: 'ParcelScanned', data: { ...input, ...previous, scannedAt: 1_000 } };

  it('passes with exactly the events that it makes', () => {
    given(parcel, [scanned]).when(scan, input).then([whole]);
    given(parcel, [scanned]).when(scan, input, { now: 7 }).thenTwiceIsOnce();
    const other = { ...whole, data: { ...whole.data, scannedAt: 1_001 } };
    const made = given(parcel, [scanned]).when(scan, input);
    for (const events of [[], [other], [whole, whole]]) {
      expect(() => made.then(events)).toThrow();
    }
  });

  it('passes without events where nothing changes', () => {
    given(parcel, [scanned])
      .when(scan, { ...input, condition: 'damaged' })
      .then([]);
  });

  it('passes as rejected with the same problem only', () => {
    const rejected = given(parcel, [scanned, handedOver]).when(scan, input);
    rejected.thenRejected(parcelGone);
    expect(() => rejected.thenRejected('forbidden')).toThrow();
    expect(() => given(parcel, [scanned]).when(scan, input).thenRejected(parcelGone)).toThrow();
  });
});

describe('a fold', () => {
  it('passes with fields that the document has', () => {
    given(visits, [scanned]).when(scanned).then({ _id: 'd1/p1', scans: 2 });
    given(visits).when(handedOver).then(null);
    expect(() => given(visits).when(scanned).then({ scans: 2 })).toThrow();
    expect(() => given(visits).when(scanned).then(null)).toThrow();
  });

  it('passes as refused with the same message only', () => {
    const refused = given(journal).when({
      ...scanned,
      data: { ...scanned.data, parcelId: 'poison' },
    });
    refused.thenRefused('no room for poison');
    expect(() => refused.thenRefused('no such depot')).toThrow();
  });

  it('fails where it changes the document that it was given', () => {
    const careless: typeof visits = {
      ...visits,
      when: {
        ParcelScanned: (before) => {
          const visit = before ?? { _id: 'd1/p1', scans: 0 };
          visit.scans += 1;
          return visit;
        },
      },
    };
    expect(() => folded(careless, [scanned, scanned])).toThrow(/read only/);
  });

  it('fails where events feed several documents', () => {
    const elsewhere = { ...scanned, data: { ...scanned.data, depotId: 'd2' } };
    expect(() => folded(visits, [scanned, elsewhere])).toThrow();
  });
});
