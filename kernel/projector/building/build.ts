import { Generations } from '../generations/generations.ts';
import type { Built } from './lane-board.ts';
import { type RebuildOptions, rebuild } from './rebuild.ts';

export type BuildOptions = Omit<RebuildOptions, 'generation' | 'resumed'>;

/**
 * Builds a generation of a view beside the one that is served, or goes on with one that somebody
 * was stopped in. Only for the holder of the view's `builder` lease; whoever else tries loses.
 */
export async function build(options: BuildOptions): Promise<Built & { generation: string }> {
  const { db, log, projection, prefix, stop } = options;
  const generations = new Generations(db, projection.view);
  // Asked before anything is made, so that tries while Kafka is away leave nothing behind.
  await Promise.all(projection.view.topics.map((topic) => log.stableOffsets(prefix + topic)));
  const resumed = await generations.resume();
  const generation = resumed ?? (await generations.begin());
  const built = await rebuild({ ...options, generation, resumed: resumed !== null });
  await generations.createIndexes(generation);
  stop?.throwIfAborted();
  return { ...built, generation };
}
