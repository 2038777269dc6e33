/**
 * The names of topics and transactional ids in Kafka. They begin with a prefix, so that several
 * systems can share a cluster; everywhere else a topic goes by its context's name alone. The names
 * stand in logs that exist already: they must not change.
 */

/** A context's topic, as Kafka names it. */
export const topicName = (prefix: string, context: string): string => `${prefix}${context}`;

/** The context of a topic, given by the name that it has in Kafka. */
export const contextOf = (prefix: string, topic: string): string => topic.slice(prefix.length);

/** A producer's transactional id: a newer producer with the same id fences older ones. */
export const transactionalId = (prefix: string, producer: string): string => `${prefix}${producer}`;

/** The transactional id of the writer of a lane, up to the releases where each lane had its own. */
export const laneWriterId = (prefix: string, lane: number): string =>
  transactionalId(prefix, `writer-lane-${lane}`);

/** The compacted topic that says who may write each lane. */
export const claimsTopic = (prefix: string): string => topicName(prefix, 'writer-claims');

/**
 * The two names under which a producer appends in turn. The first is the id itself: it is the only
 * name of producers that older releases started, so taking both fences those as well.
 */
export const namesOf = (id: string): [string, string] => [id, `${id}-b`];
