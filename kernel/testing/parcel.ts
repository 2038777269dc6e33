import { z } from 'zod';
import { aggregate, reject } from '../aggregate.ts';
import { operator } from '../auth/roles.ts';
import { problemType } from '../problems.ts';
import type { ParcelsEvent } from './parcels.ts';

/** A parcel in a depot: the aggregate of the kernel's own application. */
type Parcel = {
  condition: 'none' | 'whole' | 'damaged';
  scannedAt: number | null;
  isGone: boolean;
};

export const parcel = aggregate<Parcel, ParcelsEvent>({
  topic: 'parcels',
  stateVersion: 1,
  initial: { condition: 'none', scannedAt: null, isGone: false },
  evolve: (parcel, event) => {
    switch (event.type) {
      case 'ParcelScanned':
        return { ...parcel, condition: event.data.condition, scannedAt: event.data.scannedAt };
      case 'ParcelHandedOver':
        return { ...parcel, isGone: true };
    }
  },
});

export const parcelGone = problemType('parcel-gone', 409, 'The parcel is not there any more');

export const scan = parcel.command({
  name: 'scan',
  route: 'PUT /v1/depots/:depotId/parcels/:parcelId/condition',
  summary: 'Tell in which condition a parcel is',
  role: operator,
  input: z.object({
    depotId: z.string(),
    parcelId: z.string(),
    condition: z.enum(['whole', 'damaged']),
  }),
  example: { depotId: 'd1', parcelId: 'p1', condition: 'whole' },
  problems: [parcelGone],
  stream: ({ depotId, parcelId }) => ({ key: depotId, id: `${depotId}/${parcelId}` }),
  decide: ({ depotId, parcelId, condition }, parcel, { now }) => {
    if (parcel.isGone) reject(parcelGone, 'The parcel has left the depot.');
    if (parcel.condition === condition) return [];
    const { condition: previous, scannedAt: previousScanAt } = parcel;
    const data = { depotId, parcelId, condition, previous, previousScanAt, scannedAt: now };
    return [{ type: 'ParcelScanned', data }];
  },
});
