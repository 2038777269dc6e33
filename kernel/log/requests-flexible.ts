import { ok } from './error-codes.ts';
import type { TopicLane } from './log.ts';
import {
  type Answer,
  byTopic,
  type ProducedLane,
  type ProducerIdentity,
  type Request,
} from './requests.ts';
import type { Reader, Writer } from './wire.ts';

/**
 * Requests of Kafka's second protocol of transactions. Their versions are flexible ones, so the
 * headers of requests and answers end with tagged fields, too, of which there are none.
 */
const flexible = <T extends Answer>(request: Request<T>): Request<T> => ({
  ...request,
  write: (writer) => request.write(writer.noTags()),
  read: (reader) => {
    reader.tags();
    return request.read(reader);
  },
});

/** Version 12 adds the lanes to the transaction as well. */
export const produceInTransactionRequest = (
  transactionalId: string,
  batches: (TopicLane & { batch: Buffer; firstSequence: number })[],
  timeoutMs: number,
): Request<Answer & { lanes: ProducedLane[] }> =>
  flexible({
    name: 'Produce',
    key: 0,
    version: 12,
    body: { transactionalId, batches },
    waitMs: timeoutMs,
    write: (writer) => {
      writer.compactString(transactionalId).int16(-1).int32(timeoutMs); // all in-sync replicas
      writer.compactArray(byTopic(batches), ([topic, lanes]) => {
        writer.compactString(topic).compactArray(lanes, ({ lane, batch }) => {
          writer.int32(lane).compactSized(batch).noTags();
        });
        writer.noTags();
      });
      writer.noTags();
    },
    read: (reader) => {
      const lanes = reader.compactArray(() => readProducedTopic(reader)).flat();
      return { throttleMs: reader.int32(), lanes };
    },
  });

const readProducedTopic = (reader: Reader): ProducedLane[] => {
  const topic = reader.compactString() ?? '';
  const lanes = reader.compactArray(() => {
    const lane = reader.int32();
    const error = reader.int16();
    const baseOffset = reader.int64();
    reader.int64(); // append time
    reader.int64(); // first offset of the log
    reader.compactArray(() => {
      reader.int32(); // which record is wrong
      reader.compactString(); // and why
      reader.tags();
    });
    reader.compactString(); // message
    reader.tags();
    return { topic, lane, error, baseOffset };
  });
  reader.tags();
  return lanes;
};

export type EndedTransaction = Answer & { error: number; producerId: bigint; epoch: number };

/** Version 5 answers with the identity of the name's next transaction. */
export const endAndRenewRequest = (
  identity: ProducerIdentity,
  commit: boolean,
): Request<EndedTransaction> =>
  flexible({
    name: 'EndTxn',
    key: 26,
    version: 5,
    body: { transactionalId: identity.transactionalId, epoch: identity.epoch, commit },
    write: (writer: Writer) => {
      writer.compactString(identity.transactionalId);
      writer.int64(identity.producerId).int16(identity.epoch);
      writer.int8(commit ? 1 : 0).noTags();
    },
    read: (reader) => ({
      throttleMs: reader.int32(),
      error: reader.int16(),
      producerId: reader.bigint64(),
      epoch: reader.int16(),
    }),
  });

/** How far a transactional id is: `PrepareAbort`, for example, until its markers are written. */
export const describeTransactionRequest = (
  transactionalId: string,
): Request<Answer & { error: number; state: string }> =>
  flexible({
    name: 'DescribeTransactions',
    key: 65,
    version: 0,
    body: { transactionalId },
    write: (writer) => {
      writer.compactArray([transactionalId], (id) => writer.compactString(id)).noTags();
    },
    read: (reader) => {
      const throttleMs = reader.int32();
      const [told = { error: ok, state: '' }] = reader.compactArray(() => {
        const error = reader.int16();
        reader.compactString(); // transactional id
        const state = reader.compactString() ?? '';
        reader.int32(); // timeout
        reader.int64(); // start
        reader.bigint64(); // producer's id
        reader.int16(); // and epoch
        reader.compactArray(() => {
          reader.compactString();
          reader.compactArray(() => reader.int32());
          reader.tags();
        });
        reader.tags();
        return { error, state };
      });
      return { throttleMs, ...told };
    },
  });

const finalizedFeatures = 2;

/** The levels of the features that the whole cluster has agreed on, by name. */
export const featuresRequest = (): Request<Answer & { levels: ReadonlyMap<string, number> }> => ({
  name: 'ApiVersions',
  key: 18,
  version: 3,
  body: {},
  write: (writer) => {
    writer.noTags().compactString('event-sourced').compactString('1').noTags();
  },
  // Of all flexible answers only this one has a header without tags: brokers of any age answer it.
  read: (reader) => {
    const levels = new Map<string, number>();
    // A broker that doesn't know this version answers in another one.
    if (reader.int16() !== ok) return { throttleMs: 0, levels };
    reader.compactArray(() => {
      for (let field = 0; field < 3; field++) reader.int16(); // request, oldest, newest version
      reader.tags();
    });
    const throttleMs = reader.int32();
    const readLevels = () =>
      reader.compactArray(() => {
        levels.set(reader.compactString() ?? '', reader.int16());
        reader.int16(); // lowest level
        reader.tags();
      });
    reader.tags({ [finalizedFeatures]: readLevels });
    return { throttleMs, levels };
  },
});
