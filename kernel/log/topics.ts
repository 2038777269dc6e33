import * as codes from './error-codes.ts';
import { TopicError, type TopicOptions } from './log.ts';
import type { Metadata } from './metadata.ts';
import { ledTopic } from './offsets.ts';
import {
  createTopicsRequest,
  describeTopicsRequest,
  type TopicSettings,
} from './requests-admin.ts';
import { RetriableError, retried } from './retry.ts';

const createTimeoutMs = 5_000;

/**
 * The log is the truth, so nothing is ever deleted or compacted; and an event's time follows the
 * lane's, which may be ahead of a broker's clock (by default more than an hour is refused).
 */
const settings = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'message.timestamp.after.max.ms': '9223372036854775807',
};
const compactedSettings = { ...settings, 'cleanup.policy': 'compact' };

type SettingsOptions = Pick<TopicOptions, 'compacted' | 'settings'>;

const settingsOf = ({ compacted = false, settings: more = {} }: SettingsOptions) => ({
  ...(compacted ? compactedSettings : settings),
  ...more,
});

const minInSyncSetting = 'min.insync.replicas';
/** A topic that exists since now is known to every broker after that. */
const knownWithinMs = 30_000;

/** Creates missing topics, even while others create them too, and checks all. */
export const ensureTopics = async (
  metadata: Metadata,
  topics: string[],
  options: TopicOptions,
): Promise<void> => {
  const wanted = topics.map((topic) => ({
    topic,
    lanes: options.lanes,
    replication: options.replication,
    settings: {
      ...settingsOf(options),
      [minInSyncSetting]: `${options.minInSyncReplicas}`,
    },
  }));
  await retried(`creating topics ${topics.join(', ')}`, async () => {
    const answer = await metadata.ask(createTopicsRequest(wanted, createTimeoutMs));
    for (const { topic, error, message } of answer.topics) {
      if (error === codes.ok || error === codes.topicAlreadyExists) continue;
      if (codes.createRetriable.has(error)) throw new RetriableError(topic, error);
      throw new TopicError(`${topic}: can't be created: ${message ?? codes.nameOf(error)}`);
    }
  });
  // A busy controller makes new topics known to the brokers only after seconds.
  await checkTopics(metadata, topics, options, knownWithinMs);
};

/** @throws TopicError with one line for each thing that is wrong, and its cure. */
export const checkTopics = async (
  metadata: Metadata,
  topics: string[],
  options: Pick<TopicOptions, 'lanes'> & Partial<TopicOptions>,
  missingAfterMs?: number,
): Promise<void> => {
  if (topics.length === 0) return;
  const led = await Promise.all(topics.map((topic) => ledTopic(metadata, topic, missingAfterMs)));
  const problems = led.flatMap(({ topic, lanes }) => [
    ...lanesProblem(topic, lanes.length, options.lanes),
    ...replicationProblem(topic, lanes, options.replication ?? 1),
  ]);
  for (const described of await describe(metadata, topics)) {
    problems.push(
      ...settingProblems(described, settingsOf(options), options.minInSyncReplicas ?? 1),
    );
  }
  if (problems.length > 0) throw new TopicError(problems.join('\n'));
};

const describe = (metadata: Metadata, topics: string[]): Promise<TopicSettings[]> =>
  retried(`the settings of ${topics.join(', ')}`, async () => {
    const answer = await metadata.ask(describeTopicsRequest(topics));
    for (const { topic, error, message } of answer.topics) {
      if (codes.createRetriable.has(error)) throw new RetriableError(topic, error);
      if (error !== codes.ok) {
        throw new TopicError(
          `${topic}: can't read its settings: ${message ?? codes.nameOf(error)}`,
        );
      }
    }
    return answer.topics;
  });

const lanesProblem = (topic: string, found: number, wanted: number): string[] =>
  found === wanted
    ? []
    : [
        `${topic}: has ${found} partitions, LANES is ${wanted}. The count is fixed on day one ` +
          `(keys would move): set LANES=${found}, or copy the topic with the replay tool.`,
      ];

const replicationProblem = (
  topic: string,
  lanes: { lane: number; replicas: number }[],
  wanted: number,
): string[] => {
  const found = Math.min(...lanes.map(({ replicas }) => replicas));
  if (found >= wanted) return [];
  return [
    `${topic}: has ${found} replicas, REPLICATION is ${wanted}. Add replicas with ` +
      'kafka-reassign-partitions.sh.',
  ];
};

const settingProblems = (
  found: TopicSettings,
  settings: Record<string, string>,
  minInSync: number,
): string[] => {
  const { topic } = found;
  const alter = (setting: string, value: string): string =>
    `Set it with: kafka-configs.sh --alter --entity-type topics --entity-name ${topic} ` +
    `--add-config ${setting}=${value}`;
  const problems = Object.entries(settings)
    .filter(([setting, value]) => found.settings[setting] !== value)
    .map(([setting, value]) => {
      const cure = alter(setting, value);
      return `${topic}: ${setting} is ${found.settings[setting]}, not ${value}. ${cure}`;
    });
  const inSync = found.settings[minInSyncSetting];
  if (Number(inSync) >= minInSync) return problems;
  const cure = alter(minInSyncSetting, `${minInSync}`);
  return [
    ...problems,
    `${topic}: ${minInSyncSetting} is ${inSync}, less than ${minInSync}. ${cure}`,
  ];
};
