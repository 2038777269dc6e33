import type { Event, Meta, Millis } from '../event.ts';
import { type PersonalText, personalText } from '../personal-text.ts';
import type { AvroField, AvroRecord, AvroType, EventSchema } from '../schemas/event-schema.ts';

/**
 * The kernel's own application, for its tests: parcels on their way through depots. Its events
 * have every Avro type that the codec knows.
 */

export type DepotOpened = {
  depotId: string;
  name: string;
  services: string[];
  area: number;
  isGuarded: boolean;
  docks: number;
  capacity: null | number;
  note: PersonalText;
  openedAt: Millis;
};
export type DepotClosed = { depotId: string; closedAt: Millis };
export type ParcelScanned = {
  depotId: string;
  parcelId: string;
  condition: 'whole' | 'damaged';
  previous: 'none' | 'whole' | 'damaged';
  previousScanAt: null | Millis;
  scannedAt: Millis;
};
export type ParcelHandedOver = {
  depotId: string;
  parcelId: string;
  to: PersonalText;
  note: PersonalText;
  handedOverAt: Millis;
};

export type DepotsEvent = Event<'DepotOpened', DepotOpened> | Event<'DepotClosed', DepotClosed>;
export type ParcelsEvent =
  | Event<'ParcelScanned', ParcelScanned>
  | Event<'ParcelHandedOver', ParcelHandedOver>;

const millis: AvroType = { type: 'long', logicalType: 'timestamp-millis' };
const namespace = 'logistics';

const meta: AvroRecord = {
  ...{ type: 'record', name: 'Meta', namespace },
  fields: [
    { name: 'id', type: 'string' },
    { name: 'source', type: 'string' },
    { name: 'subject', type: 'string' },
    { name: 'time', type: millis },
    { name: 'sequence', type: 'long' },
    { name: 'correlationid', type: 'string' },
    { name: 'causationid', type: ['null', 'string'], default: null },
    { name: 'actor', type: 'string' },
    { name: 'commandid', type: 'string' },
    { name: 'requesthash', type: 'string' },
  ],
};

const text: AvroRecord = {
  ...{ type: 'record', name: 'PersonalText', namespace },
  fields: [
    { name: 'keyId', type: ['null', 'string'], default: null },
    { name: 'nonce', type: 'bytes', default: '' },
    { name: 'body', type: 'bytes' },
  ],
};
/** Avro defines a shared type where it is first named, and only there. */
const sameText = `${namespace}.PersonalText`;

const eventSchema = (context: string, type: string, fields: AvroField[]): EventSchema => ({
  ...{ context, type },
  schema: {
    ...{ type: 'record', name: type, namespace: `${namespace}.${context}` },
    fields: [{ name: 'meta', type: meta }, ...fields],
  },
});

/** As `loadSchemas` would read them from `.avsc` files. */
export const parcelSchemas: EventSchema[] = [
  eventSchema('depots', 'DepotOpened', [
    { name: 'depotId', type: 'string' },
    { name: 'name', type: 'string' },
    { name: 'services', type: { type: 'array', items: 'string' } },
    { name: 'area', type: 'double' },
    { name: 'isGuarded', type: 'boolean' },
    { name: 'docks', type: 'int' },
    { name: 'capacity', type: ['null', 'long'], default: null },
    { name: 'note', type: text },
    { name: 'openedAt', type: millis },
  ]),
  eventSchema('depots', 'DepotClosed', [
    { name: 'depotId', type: 'string' },
    { name: 'closedAt', type: millis },
  ]),
  eventSchema('parcels', 'ParcelScanned', [
    { name: 'depotId', type: 'string' },
    { name: 'parcelId', type: 'string' },
    { name: 'condition', type: { type: 'enum', name: 'Condition', symbols: ['whole', 'damaged'] } },
    {
      name: 'previous',
      type: { type: 'enum', name: 'PreviousCondition', symbols: ['none', 'whole', 'damaged'] },
    },
    { name: 'previousScanAt', type: ['null', millis], default: null },
    { name: 'scannedAt', type: millis },
  ]),
  eventSchema('parcels', 'ParcelHandedOver', [
    { name: 'depotId', type: 'string' },
    { name: 'parcelId', type: 'string' },
    { name: 'to', type: text },
    { name: 'note', type: sameText },
    { name: 'handedOverAt', type: millis },
  ]),
];

const at = 1_700_000_000_000;

const exampleMeta = (subject: string, sequence: number): Meta => ({
  id: '7d4f1c52-0b5c-5a3e-9d6e-0a4a2f1f8c11',
  source: '/depot-api',
  ...{ subject, time: at, sequence },
  correlationid: '4bf92f3577b34da6a3ce929d0e0e4736',
  causationid: null,
  actor: 'ada',
  commandid: '0b0e8a52-95b5-5a0b-8d3e-6c1d3c9a7e22',
  requesthash: 'f3k0',
});

/** One event of each type. */
export const parcelExamples = {
  DepotOpened: {
    type: 'DepotOpened',
    data: {
      ...{ depotId: 'd1', name: 'Côte-Nord', services: ['weighing', 'customs'], area: 1_250.5 },
      ...{ isGuarded: true, docks: 12, capacity: null, note: personalText('Ring twice.') },
      openedAt: at,
    },
    meta: exampleMeta('depots/d1', 1),
  },
  DepotClosed: {
    type: 'DepotClosed',
    data: { depotId: 'd1', closedAt: at },
    meta: exampleMeta('depots/d1', 2),
  },
  ParcelScanned: {
    type: 'ParcelScanned',
    data: {
      ...{ depotId: 'd1', parcelId: 'p1', condition: 'damaged', previous: 'whole' },
      ...{ previousScanAt: at - 60_000, scannedAt: at },
    },
    meta: exampleMeta('parcels/d1/p1', 2),
  },
  ParcelHandedOver: {
    type: 'ParcelHandedOver',
    data: {
      ...{ depotId: 'd1', parcelId: 'p1', to: personalText('Zoë'), note: personalText('') },
      handedOverAt: at,
    },
    meta: exampleMeta('parcels/d1/p1', 3),
  },
} satisfies { [E in DepotsEvent | ParcelsEvent as E['type']]: E };
