import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { type Command, reject } from '../aggregate.ts';
import { operator } from '../auth/roles.ts';
import { type Codec, UnknownEventError } from '../codec/codec.ts';
import type { Event } from '../event.ts';
import type { Log } from '../log/log.ts';
import { modelCodec } from '../testing/lane-model.ts';
import { parcel, parcelGone } from '../testing/parcel.ts';
import { type ParcelsEvent, parcelExamples } from '../testing/parcels.ts';
import { until } from '../testing/until.ts';
import { followKnownStreams, type KnownStreams } from './known-streams.ts';

type About = { depotId: string; parcelId: string };

const stream = ({ depotId, parcelId }: About) => ({ key: depotId, id: `${depotId}/${parcelId}` });
const lastEventIs = (event: ParcelsEvent) => ({
  condition: event.type === 'ParcelScanned' ? event.data.condition : ('none' as const),
});

const scanned = parcel.requirement({
  ...{ name: 'scanned', stream, after: lastEventIs },
  check: ({ condition }, _: About) => {
    if (condition === 'none') reject(parcelGone, 'It was never scanned.');
  },
});
const undamaged = parcel.requirement({
  ...{ name: 'undamaged', stream, after: lastEventIs },
  check: ({ condition }, _: About) => {
    if (condition === 'damaged') reject(parcelGone, 'It is damaged.');
  },
});
const here = parcel.requirement({
  ...{ name: 'here', stream },
  after: (event) => ({ isGone: event.type === 'ParcelHandedOver' }),
  check: ({ isGone }, _: About) => {
    if (isGone) reject(parcelGone, 'It has left.');
  },
});

const commandWith = (requires: Command['requires'] & object): Command => ({
  ...{ aggregate: parcel, name: 'insure', route: null, role: operator, input: z.unknown() },
  ...{ requires, stream: () => ({ key: 'k', id: 'k' }), decide: () => [] },
});

let known: KnownStreams;
afterEach(() => known.close());

/** Follows a log with these events, until all of them were read. */
async function following(requires: Command['requires'] & object, events: readonly Event[]) {
  let takes = 0;
  const closed = Promise.withResolvers<[]>();
  const records = events.map((event, offset) => ({
    ...{ topic: 'parcels', lane: 0, offset, key: null, timestamp: 0, headers: {} },
    value: Buffer.from(JSON.stringify(event)),
  }));
  const take = async () => {
    takes += 1;
    return takes === 1 ? [{ topic: 'parcels', lane: 0, records, next: 2 }] : closed.promise;
  };
  const close = async () => closed.resolve([]);
  const log = { reader: () => ({ subscribe: () => ({ take, close }), close }) } as unknown as Log;
  const decode: Codec['decode'] = (record) => {
    const event = modelCodec.decode(record);
    if (event.type === 'Later') throw new UnknownEventError('no event type of this code');
    return event;
  };
  const codec = { ...modelCodec, decode };
  const options = { log, codec, lanes: 1, prefix: '', onWarning: expect.fail };
  known = followKnownStreams({ ...options, commands: [commandWith(requires)] });
  await until(() => takes === 2);
}

const about: About = { depotId: 'd1', parcelId: 'p1' };
const checking = (rule: Parameters<KnownStreams['check']>[0]) => () =>
  known.check(rule, 'd1/p1', about);

it('two rules about one topic each know what their own `after` says', async () => {
  await following([scanned, here], [parcelExamples.ParcelScanned]);
  expect(checking(scanned)).not.toThrow();
  expect(checking(here)).not.toThrow();
  await known.close();
  await following([scanned, here], [parcelExamples.ParcelHandedOver]);
  expect(checking(scanned)).toThrow('never scanned');
  expect(checking(here)).toThrow('has left');
});

it('an event of another release leaves its stream as it is known', async () => {
  const later = { ...parcelExamples.ParcelScanned, type: 'Later' };
  await following([scanned], [parcelExamples.ParcelScanned, later]);
  expect(checking(scanned)).not.toThrow();
});

it('a rule is checked on the initial state of a stream without events', async () => {
  await following([scanned, here], []);
  expect(checking(scanned)).toThrow('never scanned');
  expect(checking(here)).not.toThrow();
});

it('rules may share their `after`', async () => {
  await following([scanned, undamaged], [parcelExamples.ParcelScanned]);
  expect(checking(scanned)).not.toThrow();
  expect(checking(undamaged)).toThrow('damaged');
});
