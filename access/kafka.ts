import type { Rights } from './rights.ts';

/** What a user may do to one resource of Kafka, as its authorizer knows it. */
export type KafkaGrant = {
  type: 'topic' | 'transactionalId';
  name: string;
  pattern: 'literal' | 'prefix';
  operations: readonly string[];
};

/** @param prefix TOPIC_PREFIX. */
export function kafkaGrants({ topics, transactions }: Rights, prefix = ''): KafkaGrant[] {
  const ofTopics = Object.entries(topics).map(([topic, operations]): KafkaGrant => {
    return { type: 'topic', name: `${prefix}${topic}`, pattern: 'literal', operations };
  });
  if (transactions === undefined) return ofTopics;
  const name = `${prefix}${transactions}`;
  return [...ofTopics, { type: 'transactionalId', name, pattern: 'prefix', operations: ['Write'] }];
}
