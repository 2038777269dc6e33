import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openCodec } from '../codec/codec.ts';
import { topicName } from '../log/topic-names.ts';
import { deploySchemas } from '../schemas/deploy.ts';
import {
  type Journal,
  journal,
  journalOf,
  openScanLog,
  recordOf,
  type ScanLog,
  someScans,
} from '../testing/journal.ts';
import { type ParcelScanned, parcelSchemas } from '../testing/parcels.ts';
import { type RegistryProxy, registryProxy } from '../testing/registry-proxy.ts';
import { until } from '../testing/until.ts';
import { deadLettersOf } from './dead-letters/dead-letters.ts';
import { startProjectors } from './runner.ts';

/** Projectors behind a proxy that answers in the registry's place for a while. */

let world: ScanLog;
let proxy: RegistryProxy;
beforeAll(async () => {
  world = await openScanLog('registry-proxy');
  proxy = await registryProxy(inject('stack').schemaRegistry);
});
afterAll(async () => {
  proxy?.close();
  await world?.close();
});

it('no event is parked because of a proxy’s 404, and all are folded afterwards', async () => {
  const { client, db, database, log, lanes, prefix } = world;
  const scans = someScans(40, 4);
  await world.append(scans.slice(0, 20));
  const codec = await openCodec({
    ...{ registryUrl: proxy.url, topicPrefix: prefix, schemas: parcelSchemas },
  });
  const parts = { client, database, log, codec, lanes, prefix, leaseTtlMs: 1_000 };
  const projectors = await startProjectors({ ...parts, projections: [journal] });
  await until(() => projectors.ready().ready);

  proxy.mode = 'not found';
  proxy.asked = 0;
  await world.append(await asOlder(scans.slice(20)));
  // Each lane has asked more than once.
  await until(() => proxy.asked > 2 * lanes);
  expect(await deadLettersOf(db).countDocuments()).toBe(0);
  expect(JSON.stringify(projectors.ready())).toMatch(/SCHEMA_REGISTRY_URL/);

  proxy.mode = 'pass';
  const found = () => db.collection<Journal>('journal.g1').find().toArray();
  const wanted = journalOf(scans);
  await until(async () => (await found()).reduce((sum, { events }) => sum + events, 0) === 40);
  expect(new Map((await found()).map((one) => [one._id, one]))).toEqual(wanted);
  expect(await deadLettersOf(db).countDocuments()).toBe(0);
  await projectors.close();
});

/** The scans as an older release wrote them: with a schema that today's code has to ask for. */
async function asOlder(scans: ReturnType<typeof someScans>) {
  const { prefix: topicPrefix } = world;
  const registryUrl = inject('stack').schemaRegistry;
  const today = parcelSchemas.find(({ type }) => type === 'ParcelScanned')!;
  const fields = today.schema.fields.filter(({ name }) => name !== 'previousScanAt');
  const schemas = [{ ...today, schema: { ...today.schema, fields } }];
  await deploySchemas({ registryUrl, topicPrefix, schemas });
  const older = await openCodec({ registryUrl, topicPrefix, schemas });
  return scans.map((scan) => {
    const record = recordOf(scan);
    if (!('event' in record)) throw new Error('no event');
    const { previousScanAt: _, ...data } = record.event.data as ParcelScanned;
    const bytes = older.encode(topicName(topicPrefix, 'parcels'), { ...record.event, data });
    return { depotId: scan.depotId, bytes };
  });
}
