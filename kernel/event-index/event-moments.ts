import type { Collection } from 'mongodb';
import type { Millis } from '../event.ts';
import {
  type Block,
  blockAt,
  blockNumber,
  type Indexed,
  segmentBlocks,
  segmentId,
  segmentNumber,
} from './blocks.ts';
import { hashIn, placeHash, type SoughtId, textOfId } from './event-ids.ts';

/** Events on the line of time: all of them, or those of an id. */
export type Stretch = {
  id: SoughtId | null;
  from: Millis | null;
  /** The first time that isn't meant. */
  until: Millis | null;
  parts: number;
};

/** About so many blocks are looked at, however long the log is. */
const mostBlocks = 20_000;
/** Of one place, however many there are: looking for a segment costs more than its blocks. */
const leastOfPlace = 256;

/** A block that stands for others too, which weren't looked at. */
type Sample = { at: Millis; weight: number };

/**
 * Moments between which there are about as many events each, by the index alone: that of a large
 * log is looked at in samples. What isn't indexed yet comes after the last one.
 */
export async function momentsOf(
  blocks: Collection<Block>,
  indexed: ReadonlyMap<string, Indexed>,
  { id, from, until, parts }: Stretch,
): Promise<Millis[]> {
  const most = Math.max(leastOfPlace, Math.floor(mostBlocks / Math.max(1, indexed.size)));
  const ofPlace = async ([place, { next }]: [string, Indexed]): Promise<Sample[]> => {
    const ended = blockNumber(next - 1);
    const begin = from === null ? 0 : await blockAt(blocks, place, from);
    if (begin === null) return [];
    const end = until === null ? ended : ((await blockAt(blocks, place, until)) ?? ended);
    return id
      ? samplesWith(blocks, { place, begin, end, most }, id)
      : samples(blocks, { place, begin, end, most });
  };
  const all = (await Promise.all([...indexed].map(ofPlace))).flat();
  const meant = all.filter(({ at }) => at >= (from ?? 0) && (until === null || at < until));
  return parted(
    meant.sort((a, b) => a.at - b.at),
    parts,
  );
}

type Range = { place: string; begin: number; end: number; most: number };

/** Blocks at even distances. */
async function samples(blocks: Collection<Block>, { place, begin, end, most }: Range) {
  const step = Math.max(1, Math.ceil((end - begin + 1) / most));
  const numbers = stepping(begin, end, step);
  return sampled(blocks, { place, number: { $in: numbers } }, step);
}

/** All blocks with the id in segments at even distances. */
async function samplesWith(
  blocks: Collection<Block>,
  { place, begin, end, most }: Range,
  id: SoughtId,
) {
  const [first, last] = [segmentNumber(begin), segmentNumber(end)];
  const step = Math.max(1, Math.ceil(((last - first + 1) * segmentBlocks) / most));
  const segments = stepping(first, last, step).map((one) => segmentId(place, one));
  const ids = hashIn(placeHash(place), textOfId(id));
  const number = { $gte: begin, $lte: end };
  return sampled(blocks, { segment: { $in: segments }, ids, number }, step);
}

async function sampled(blocks: Collection<Block>, filter: object, weight: number) {
  const found = await blocks.find(filter, { projection: { _id: 0, first: 1 } }).toArray();
  return found.map(({ first }): Sample => ({ at: first, weight }));
}

function stepping(begin: number, end: number, step: number): number[] {
  const numbers: number[] = [];
  for (let one = begin; one <= end; one += step) numbers.push(one);
  return numbers;
}

/** The moments at which the next of the equal parts begins. */
function parted(inOrder: readonly Sample[], parts: number): Millis[] {
  const all = inOrder.reduce((sum, { weight }) => sum + weight, 0);
  const moments: Millis[] = [];
  let passed = 0;
  for (const { at, weight } of inOrder) {
    if (passed >= (moments.length / parts) * all && at !== moments.at(-1)) moments.push(at);
    passed += weight;
  }
  return moments;
}
