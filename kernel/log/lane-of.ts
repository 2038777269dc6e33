import { Partitioners, type PartitionMetadata } from 'kafkajs';
import type { LaneOf } from './log.ts';

const partition = Partitioners.DefaultPartitioner();
const lanesOf = new Map<number, PartitionMetadata[]>();

/** The partitions that kafkajs's partitioner (as in Java) asks for; only their count matters. */
const partitions = (lanes: number): PartitionMetadata[] => {
  const known = lanesOf.get(lanes);
  if (known) return known;
  const made = Array.from({ length: lanes }, (_, partitionId) => {
    return { partitionId, leader: 0, partitionErrorCode: 0, replicas: [], isr: [] };
  });
  lanesOf.set(lanes, made);
  return made;
};

export const laneOf: LaneOf = (key, lanes) =>
  partition({ topic: '', message: { key, value: null }, partitionMetadata: partitions(lanes) });
