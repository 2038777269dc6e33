import { topicName } from '../../log/topic-names.ts';
import { Generations } from '../generations/generations.ts';
import { type RebuildOptions, type Rebuilt, rebuild } from './rebuild.ts';

export type BuildOptions = Omit<RebuildOptions, 'generation' | 'resumed'>;

/**
 * Builds a generation of a view beside the one that is served, or goes on with a build that was
 * cut short. Only for the holder of the view's `builder` lease: a later build fences this one.
 */
export async function build(options: BuildOptions): Promise<Rebuilt & { generation: string }> {
  const { db, log, projection, prefix, stop } = options;
  const generations = new Generations(db, projection.view);
  // Ask Kafka before making anything, so that tries while it is away leave nothing behind.
  await Promise.all(
    projection.view.topics.map((topic) => log.stableOffsets(topicName(prefix, topic))),
  );
  const resumed = await generations.resume();
  const generation = resumed ?? (await generations.begin());
  const built = await rebuild({ ...options, generation, resumed: resumed !== null });
  await generations.createIndexes(generation);
  stop?.throwIfAborted();
  return { ...built, generation };
}
