import { randomUUID } from 'node:crypto';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import confluent from '@kafkajs/confluent-schema-registry';
import { describe, expect, inject, it } from 'vitest';
import type { LogRecord } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import { deploySchemas } from '../schemas/deploy.ts';
import type { AvroRecord, EventSchema } from '../schemas/event-schema.ts';
import { parcelExamples, parcelSchemas } from '../testing/parcels.ts';
import { registryProxy } from '../testing/registry-proxy.ts';
import { openCodec, subjectOf } from './codec.ts';
import { EventType } from './event-bytes.ts';
import { openSchemaRegistry } from './schema-registry.ts';

const registryUrl = inject('stack').schemaRegistry;
const newPrefix = () => `codec-${randomUUID().slice(0, 8)}.`;

const recordOf = (value: Buffer | null): LogRecord => ({
  ...{ topic: 'parcels', lane: 2, offset: 41, key: null, timestamp: 0, headers: {} },
  value,
});

const withId = (id: number) => {
  const value = Buffer.alloc(20);
  value.writeUInt32BE(id, 1);
  return recordOf(value);
};

async function openDeployed(schemas: readonly EventSchema[] = parcelSchemas) {
  const topicPrefix = newPrefix();
  await deploySchemas({ registryUrl, topicPrefix, schemas });
  return { topicPrefix, codec: await openCodec({ registryUrl, topicPrefix, schemas }) };
}

const parcelScannedSchema = parcelSchemas.find(
  ({ type }) => type === 'ParcelScanned',
) as EventSchema;
const without = (event: EventSchema, name: string): EventSchema => {
  const fields = event.schema.fields.filter((field) => field.name !== name);
  return { ...event, schema: { ...event.schema, fields } };
};

describe('events through the registry', () => {
  it.each(Object.values(parcelExamples))('$type comes back as it was written', async (example) => {
    const { topicPrefix, codec } = await openDeployed();
    const { context } = parcelSchemas.find(({ type }) => type === example.type)!;
    const record = recordOf(codec.encode(topicName(topicPrefix, context), example));
    await codec.learn([record]);
    const { type, data, meta } = codec.decode(record);
    expect({ type, data, meta }).toStrictEqual(example);
  });

  it('another vendor’s client reads them', async () => {
    const { topicPrefix, codec } = await openDeployed();
    const bytes = codec.encode(topicName(topicPrefix, 'parcels'), parcelExamples.ParcelScanned);
    const foreign = new confluent.SchemaRegistry({ host: registryUrl });
    const { meta, ...data } = await foreign.decode(bytes);
    expect({ ...data }).toEqual(parcelExamples.ParcelScanned.data);
    expect({ ...meta }).toEqual(parcelExamples.ParcelScanned.meta);
  });

  it('an event that another vendor’s client wrote is read', async () => {
    const { topicPrefix, codec } = await openDeployed();
    const foreign = new confluent.SchemaRegistry({ host: registryUrl });
    const id = await foreign.getLatestSchemaId(subjectOf(topicPrefix, parcelScannedSchema));
    const { meta, data } = parcelExamples.ParcelScanned;
    const record = recordOf(await foreign.encode(id, { meta, ...data }));
    await codec.learn([record]);
    expect(codec.decode(record).data).toStrictEqual(data);
  });

  it('an older version of a schema is learnt and read as today’s', async () => {
    const topicPrefix = newPrefix();
    const older = without(parcelScannedSchema, 'previousScanAt');
    const old = await openOf(topicPrefix, older);
    const { previousScanAt: _, ...data } = parcelExamples.ParcelScanned.data;
    const record = recordOf(
      old.encode(topicName(topicPrefix, 'parcels'), { ...parcelExamples.ParcelScanned, data }),
    );
    const today = await openOf(topicPrefix, parcelScannedSchema);
    await today.learn([record]);
    expect(today.decode(record).data).toStrictEqual({ ...data, previousScanAt: null });
    expect(today.decode(record).meta).toStrictEqual(parcelExamples.ParcelScanned.meta);
  });

  it('yesterday’s code reads what today’s wrote', async () => {
    const topicPrefix = newPrefix();
    const old = await openOf(topicPrefix, without(parcelScannedSchema, 'previousScanAt'));
    const today = await openOf(topicPrefix, parcelScannedSchema);
    const record = recordOf(
      today.encode(topicName(topicPrefix, 'parcels'), parcelExamples.ParcelScanned),
    );
    await old.learn([record]);
    const { previousScanAt: _, ...data } = parcelExamples.ParcelScanned.data;
    expect(old.decode(record).data).toStrictEqual(data);
  });

  it('code with an older schema goes on writing under the id of that schema', async () => {
    const topicPrefix = newPrefix();
    const older = without(parcelScannedSchema, 'previousScanAt');
    await openOf(topicPrefix, older);
    await openOf(topicPrefix, parcelScannedSchema);
    const reopened = await openCodec({ registryUrl, topicPrefix, schemas: [older] });
    const id = await openSchemaRegistry({ url: registryUrl }).idOf(
      subjectOf(topicPrefix, older),
      older.schema,
    );
    const { previousScanAt: _, ...data } = parcelExamples.ParcelScanned.data;
    const bytes = reopened.encode(topicName(topicPrefix, 'parcels'), {
      ...parcelExamples.ParcelScanned,
      data,
    });
    expect(bytes.readUInt32BE(1)).toBe(id);
  });
});

async function openOf(topicPrefix: string, schema: EventSchema) {
  await deploySchemas({ registryUrl, topicPrefix, schemas: [schema] });
  return openCodec({ registryUrl, topicPrefix, schemas: [schema] });
}

describe('poison is undecodable', () => {
  it.each([
    ['no value', recordOf(null)],
    ['too short for a header', recordOf(Buffer.from([0, 0, 0]))],
    ['another magic byte', recordOf(Buffer.from('{"type":"ParcelScanned"}'))],
    ['an id that the registry does not know', withId(0x7fff_fff0)],
    ['the largest id there can be', withId(0xffff_ffff)],
  ])('%s', async (_name, record) => {
    const { codec } = await openDeployed();
    await codec.learn([record]);
    expect(() => codec.decode(record)).toThrow(
      expect.objectContaining({
        name: 'UndecodableError',
        message: expect.stringMatching(/^parcels\/2 offset 41: /),
      }),
    );
  });

  it('bytes that do not fit', async () => {
    const { topicPrefix, codec } = await openDeployed();
    const bytes = codec.encode(topicName(topicPrefix, 'parcels'), parcelExamples.ParcelScanned);
    const record = recordOf(bytes.subarray(0, -2));
    await codec.learn([record]);
    expect(() => codec.decode(record)).toThrow(
      expect.objectContaining({
        name: 'UndecodableError',
        message: expect.stringMatching(/bytes don't fit ParcelScanned/),
      }),
    );
  });

  it('an event written with a schema that today’s can’t read', async () => {
    const { codec } = await openDeployed();
    const incompatible = without(parcelScannedSchema, 'parcelId');
    const id = await openSchemaRegistry({ url: registryUrl }).register(
      `${newPrefix()}strange`,
      incompatible.schema,
    );
    const { parcelId: _, ...data } = parcelExamples.ParcelScanned.data;
    const strange = new EventType(incompatible, 't');
    const record = recordOf(strange.encode('t', id, { ...parcelExamples.ParcelScanned, data }));
    await codec.learn([record]);
    expect(() => codec.decode(record)).toThrow(/today's ParcelScanned can't read .*parcelId/);
  });

  it('a record that was not learnt is the caller’s mistake, not poison', async () => {
    const { codec } = await openDeployed();
    expect(() => codec.decode(withId(0x7fff_fff1))).toThrow(/was not learnt/);
    expect(() => codec.decode(withId(0x7fff_fff1))).not.toThrow(
      expect.objectContaining({ name: 'UndecodableError' }),
    );
  });
});

describe('an event type that today’s code does not have', () => {
  const schemas = parcelSchemas.filter(({ type }) => type !== 'ParcelScanned');

  /** What older code says about bytes of this schema. */
  async function older(schema: AvroRecord, change = (bytes: Buffer) => bytes) {
    const { topicPrefix } = await openDeployed();
    const id = await openSchemaRegistry({ url: registryUrl }).register(
      `${newPrefix()}newer`,
      schema,
    );
    const newer = new EventType({ ...parcelScannedSchema, schema }, 't');
    const record = recordOf(change(newer.encode('t', id, parcelExamples.ParcelScanned)));
    const codec = await openCodec({ registryUrl, topicPrefix, schemas });
    await codec.learn([record]);
    return { codec, record };
  }

  it('is of another release, if its schema is registered and has the same meta', async () => {
    const { codec, record } = await older(parcelScannedSchema.schema);
    expect(() => codec.decode(record)).toThrow(
      expect.objectContaining({
        name: 'UnknownEventError',
        message: expect.stringMatching(
          /^parcels.*: no event type of today's code: .*ParcelScanned/,
        ),
      }),
    );
    expect([codec.knows('ParcelScanned'), codec.knows('DepotOpened')]).toEqual([false, true]);
  });

  it('is poison if its bytes don’t fit', async () => {
    const { codec, record } = await older(parcelScannedSchema.schema, (b) => b.subarray(0, -2));
    expect(() => codec.decode(record)).toThrow(
      expect.objectContaining({
        name: 'UndecodableError',
        message: expect.stringMatching(/bytes don't fit .*ParcelScanned/),
      }),
    );
  });

  it('is poison if its meta is of another system', async () => {
    const { schema } = parcelScannedSchema;
    const [meta, ...fields] = schema.fields;
    const foreign = { ...meta!, type: { ...(meta!.type as AvroRecord), name: 'Envelope' } };
    const { codec, record } = await older({ ...schema, fields: [foreign, ...fields] });
    expect(() => codec.decode(record)).toThrow(
      expect.objectContaining({ name: 'UndecodableError' }),
    );
  });
});

describe('the registry', () => {
  it('that lacks schemas of today is an error that names their subjects and the cure', async () => {
    const topicPrefix = newPrefix();
    await deploySchemas({ registryUrl, topicPrefix, schemas: [parcelScannedSchema] });
    const opening = openCodec({ registryUrl, topicPrefix, schemas: parcelSchemas });
    await expect(opening).rejects.toMatchObject({
      name: 'UnregisteredSchemaError',
      message: expect.stringMatching(/-logistics\.depots\.DepotOpened.*Deploy the schemas/),
    });
    await expect(opening).rejects.not.toThrow('ParcelScanned');
  });

  it('gets the setting of a subject whose registration was cut off before it', async () => {
    const topicPrefix = newPrefix();
    const event = parcelScannedSchema;
    const subject = encodeURIComponent(subjectOf(topicPrefix, event));
    await fetch(`${registryUrl}/subjects/${subject}/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ schema: JSON.stringify(event.schema) }),
    });
    const levelOf = async () => (await fetch(`${registryUrl}/config/${subject}`)).json();
    expect(await levelOf()).not.toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' });
    await deploySchemas({ registryUrl, topicPrefix, schemas: [event] });
    expect(await levelOf()).toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' });
  });

  it('gets all schemas and settings while it executes requests that were given up', async () => {
    const proxy = await registryProxy(registryUrl);
    proxy.mode = 'late';
    const prefixes = Array.from({ length: 5 }, newPrefix);
    for (const topicPrefix of prefixes) {
      const schemas = parcelSchemas;
      await deploySchemas({ registryUrl: proxy.url, topicPrefix, schemas });
      await openCodec({ registryUrl, topicPrefix, schemas });
      for (const event of parcelSchemas) {
        const subject = encodeURIComponent(subjectOf(topicPrefix, event));
        const level = await fetch(`${registryUrl}/config/${subject}`);
        expect(await level.json()).toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' });
      }
    }
    proxy.close();
  });

  it('takes several versions of a new subject that are registered at once', async () => {
    const registry = openSchemaRegistry({ url: registryUrl });
    const { schema } = parcelScannedSchema;
    const versions = [1, 2, 3, 4].map((fields) => ({
      ...schema,
      fields: [
        ...schema.fields,
        ...Array.from({ length: fields }, (_, at) => {
          return { name: `added${at}`, type: 'int', default: 0 };
        }),
      ],
    }));
    const subject = subjectOf(newPrefix(), parcelScannedSchema);
    const ids = await Promise.all(versions.map((one) => registry.register(subject, one)));
    expect(new Set(ids).size).toBe(versions.length);
  });

  it('whose subject has another setting refuses a schema, and says the cure', async () => {
    const topicPrefix = newPrefix();
    const event = parcelScannedSchema;
    await deploySchemas({ registryUrl, topicPrefix, schemas: [event] });
    await fetch(`${registryUrl}/config/${encodeURIComponent(subjectOf(topicPrefix, event))}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ compatibility: 'BACKWARD' }),
    });
    const deploying = deploySchemas({ registryUrl, topicPrefix, schemas: [event] });
    const refused = { message: expect.stringMatching(/!= BACKWARD.*Set the compatibility/) };
    await expect(deploying).rejects.toMatchObject({ errors: [expect.objectContaining(refused)] });
  });

  it('at a URL without its path is no registry that lacks schemas', async () => {
    const options = { topicPrefix: newPrefix(), schemas: parcelSchemas };
    const withoutPath = new URL('/', registryUrl).href;
    const whole = /\(status 404: .*Set SCHEMA_REGISTRY_URL to its whole URL, with the path/;
    await expect(openCodec({ ...options, registryUrl: withoutPath })).rejects.toThrow(whole);
    const deploying = deploySchemas({ ...options, registryUrl: withoutPath });
    const away = expect.objectContaining({ message: expect.stringMatching(whole) });
    await expect(deploying).rejects.toMatchObject({ errors: expect.arrayContaining([away]) });
  });

  it('that is away makes an error of its own, no poison, and is asked again later', async () => {
    const { topicPrefix, codec } = await openDeployed();
    const bytes = codec.encode(topicName(topicPrefix, 'parcels'), parcelExamples.ParcelScanned);
    const proxy = await registryProxy(registryUrl);
    const schemas = parcelSchemas.filter(({ type }) => type !== 'DepotClosed');
    const learner = await openCodec({ registryUrl: proxy.url, topicPrefix, schemas });
    const foreign = recordOf(
      codec.encode(topicName(topicPrefix, 'depots'), parcelExamples.DepotClosed),
    );
    const modes = ['error', 'not found', 'other json', 'login page', 'cut'] as const;
    for (const mode of modes) {
      proxy.mode = mode;
      await expect(learner.learn([foreign]), mode).rejects.toMatchObject({
        name: 'RegistryAwayError',
        message: expect.stringMatching(/^The schema registry at http.* SCHEMA_REGISTRY_URL to /),
      });
    }
    await learner.learn([recordOf(bytes)]);
    proxy.mode = 'pass';
    await learner.learn([foreign]);
    expect(() => learner.decode(foreign)).toThrow(/no event type/);
    proxy.close();
  });

  it('is asked once for an id, however many wait for it, also for an unknown one', async () => {
    const { topicPrefix } = await openDeployed();
    const proxy = await registryProxy(registryUrl);
    const codec = await openCodec({ registryUrl: proxy.url, topicPrefix, schemas: parcelSchemas });
    proxy.asked = 0;
    const unknown = withId(0x7fff_fff2);
    await Promise.all(Array.from({ length: 50 }, () => codec.learn([unknown, unknown])));
    await codec.learn([unknown]);
    expect(proxy.asked).toBe(1);
    proxy.close();
  });

  it('that can’t be reached, or accepts connections and is silent, is away', async () => {
    const options = { topicPrefix: '', schemas: parcelSchemas };
    const silent = createTcpServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    const away = expect.objectContaining({ name: 'RegistryAwayError' });
    await expect(
      openCodec({ ...options, registryUrl: `http://127.0.0.1:${port}` }),
    ).rejects.toThrow(away);
    silent.close();
    await expect(
      openCodec({ ...options, registryUrl: 'http://u:secret@127.0.0.1:1' }),
    ).rejects.not.toThrow('secret');
  });
});
