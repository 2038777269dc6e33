import { openLog } from '#kernel/log/kafka-log.ts';
import { claimsTopic } from '#kernel/log/topic-names.ts';
import { Claims } from '#kernel/writer/claims/claims.ts';
import type { ClaimRecord } from '#kernel/writer/claims/protocol.ts';
import type { System } from './system.ts';

/** The claims of a lane that a system's log has now, oldest first. */
export async function claimsOf({ settings }: System, lane: number): Promise<ClaimRecord[]> {
  const { KAFKA_BROKERS: brokers = '', TOPIC_PREFIX: prefix = '' } = settings;
  const log = openLog({ brokers: brokers.split(','), clientId: 'claims' });
  const claims = new Claims(log, prefix);
  try {
    const end = (await log.stableOffsets(claimsTopic(prefix)))[lane] as number;
    return await claims.before(lane, end);
  } finally {
    await claims.close();
    await log.close();
  }
}
