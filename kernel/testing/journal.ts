import { createHash } from 'node:crypto';
import type { Event } from '../event.ts';
import { type Projection, projection } from '../projection.ts';
import { view } from '../view.ts';
import type { DepotsEvent, ParcelsEvent } from './parcels.ts';
import { parcelSchemas } from './parcels.ts';
import {
  type Appended,
  openTestLog,
  type TestLog,
  type TestLogOptions,
  type TestRecord,
  testMeta,
} from './test-log.ts';

/** A log of scans, and views of it whose documents show any mistake. */

/** A parcel was scanned in a depot. `at` is its stream's version as well. */
export type Scan = { depotId: string; parcelId: string; at: number };

/** Bytes that nobody can decode. */
export type Raw = { depotId: string; bytes: Buffer };

export type ScanLog = Omit<TestLog, 'append'> & {
  append(records: readonly (Scan | Raw)[]): Promise<Appended[]>;
};

export async function openScanLog(
  label: string,
  lanes = 2,
  stack?: TestLogOptions['stack'],
): Promise<ScanLog> {
  const world = await openTestLog({ label, lanes, stack, schemas: parcelSchemas });
  return { ...world, append: (records) => world.append('parcels', records.map(recordOf)) };
}

export const recordOf = (one: Scan | Raw): TestRecord =>
  'bytes' in one
    ? { key: one.depotId, bytes: one.bytes }
    : { key: one.depotId, event: parcelScanned(one) };

const parcelScanned = ({ depotId, parcelId, at }: Scan): Event => ({
  type: 'ParcelScanned',
  data: {
    ...{ depotId, parcelId, condition: 'whole', previous: 'none' },
    ...{ previousScanAt: null, scannedAt: at },
  },
  meta: testMeta(`${depotId}/${parcelId}`, at),
});

/** So many scans, in so many depots in turn. */
export const someScans = (count: number, depots: number, from = 0): Scan[] =>
  Array.from({ length: count }, (_, at) => ({
    depotId: `d${at % depots}`,
    parcelId: `parcel${from + at}`,
    at: from + at + 1,
  }));

/** A depot's scans in order: one that is missing, doubled or out of turn changes the digest. */
export type Journal = { _id: string; events: number; digest: string };

export const journalView = view<Journal>({
  name: 'journal',
  version: 1,
  topics: ['depots', 'parcels'],
  indexes: [{ key: { events: 1 } }],
});

const written = (journal: Journal | null, depotId: string, text: string): Journal => ({
  _id: depotId,
  events: (journal?.events ?? 0) + 1,
  digest: createHash('sha1').update(`${journal?.digest} ${text}`).digest('hex'),
});

/** Refuses parcels named `poison`, as a fold with a mistake would. */
export const journal: Projection<DepotsEvent | ParcelsEvent, Journal> = projection<
  DepotsEvent | ParcelsEvent
>()({
  view: journalView,
  id: (event) => event.data.depotId,
  when: {
    ParcelScanned: (before, { data, meta }) => {
      if (data.parcelId.startsWith('poison')) throw new Error(`no room for ${data.parcelId}`);
      return written(before, data.depotId, `${meta.sequence} ${data.parcelId} ${data.scannedAt}`);
    },
  },
});

/** A fresh fold, in memory, of the scans that were appended. */
export function journalOf(scans: readonly Scan[]): Map<string, Journal> {
  const journals = new Map<string, Journal>();
  for (const { depotId, parcelId, at } of scans) {
    const text = `${at} ${parcelId} ${at}`;
    journals.set(depotId, written(journals.get(depotId) ?? null, depotId, text));
  }
  return journals;
}

/** How often each parcel was scanned in a depot: a document for each stream. */
export type Visit = { _id: string; scans: number };

export const visitsView = view<Visit>({
  name: 'visits',
  version: 1,
  topics: ['parcels'],
  indexes: [],
});

export const visits: Projection<ParcelsEvent, Visit> = projection<ParcelsEvent>()({
  view: visitsView,
  oneStreamPerDocument: true,
  id: ({ data }) => `${data.depotId}/${data.parcelId}`,
  when: {
    ParcelScanned: (before, { data }) => ({
      _id: `${data.depotId}/${data.parcelId}`,
      scans: (before?.scans ?? 0) + 1,
    }),
  },
});
