import { expect, it, onTestFinished } from 'vitest';
import { openLog } from './kafka-log.ts';
import { LogUnavailableError } from './log.ts';

it('the end of a topic is asked for no longer than the caller waits', async () => {
  const log = openLog({ brokers: ['127.0.0.1:1'], clientId: 'offsets' });
  onTestFinished(() => log.close());

  await expect(log.stableOffsets('parcels', 100)).rejects.toThrow(LogUnavailableError);
});
