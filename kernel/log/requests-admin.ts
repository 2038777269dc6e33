import type { Answer, Request } from './requests.ts';

export type TopicToCreate = {
  topic: string;
  lanes: number;
  replication: number;
  settings: Record<string, string>;
};

export const createTopicsRequest = (
  topics: TopicToCreate[],
  timeoutMs: number,
): Request<Answer & { topics: { topic: string; error: number; message: string | null }[] }> => ({
  name: 'CreateTopics',
  key: 19,
  version: 4,
  body: { topics },
  waitMs: timeoutMs,
  write: (writer) => {
    writer
      .array(topics, ({ topic, lanes, replication, settings }) => {
        writer.string(topic).int32(lanes).int16(replication).int32(0); // brokers choose replicas
        writer.array(Object.entries(settings), ([name, value]) =>
          writer.string(name).string(value),
        );
      })
      .int32(timeoutMs)
      .int8(0);
  },
  read: (reader) => ({
    throttleMs: reader.int32(),
    topics: reader.array(() => ({
      topic: reader.string() ?? '',
      error: reader.int16(),
      message: reader.string(),
    })),
  }),
});

export type TopicSettings = {
  topic: string;
  error: number;
  message: string | null;
  settings: Record<string, string | null>;
};

const topicResource = 2;

export const describeTopicsRequest = (
  topics: readonly string[],
): Request<Answer & { topics: TopicSettings[] }> => ({
  name: 'DescribeConfigs',
  key: 32,
  version: 2,
  body: { topics },
  write: (writer) => {
    writer
      .array(topics, (topic) => writer.int8(topicResource).string(topic).int32(-1)) // all settings
      .int8(0); // without synonyms
  },
  read: (reader) => ({
    throttleMs: reader.int32(),
    topics: reader.array(() => {
      const error = reader.int16();
      const message = reader.string();
      reader.int8(); // kind
      const topic = reader.string() ?? '';
      const settings: Record<string, string | null> = {};
      reader.array(() => {
        const name = reader.string() ?? '';
        settings[name] = reader.string();
        for (let flag = 0; flag < 3; flag++) reader.int8(); // read-only, source, sensitive
        reader.int32(); // no synonyms
      });
      return { topic, error, message, settings };
    }),
  }),
});
