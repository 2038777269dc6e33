import { Command } from 'commander';
import { KeyRing } from '#kernel/personal/key-ring.ts';
import { masterKeysOf } from '#kernel/personal/open-keys.ts';
import { counted, sayKafka } from '../tool/output.ts';
import { type Outcome, runs } from '../tool/run.ts';
import type { Tool } from '../tool/tool.ts';

const examples = `
Example, after every command-api and query-api has started with the new key before the former one:
  MASTER_KEY=new,former npm run replay -- rewrap

Afterwards take the former key out of MASTER_KEY everywhere. The text itself is not encrypted anew.
A key that is destroyed meanwhile stays destroyed. It may be interrupted, and run again.`;

/** `rewrap`: wraps the keys of people with the first key of MASTER_KEY. */
export const rewrapCommand = new Command('rewrap')
  .description('Wraps the keys of people’s text with the first key of MASTER_KEY.')
  .addHelpText('after', examples)
  .action(runs(rewrap));

const keysAtOnce = 20;

async function rewrap({ config, log, prefix, stop }: Tool): Promise<Outcome> {
  const masters = masterKeysOf(config);
  const ring = await KeyRing.open({ log, prefix, masters, onWarning: sayKafka });
  try {
    const keys = ring.formerlyWrapped();
    for (let at = 0; at < keys.length; at += keysAtOnce) {
      stop.throwIfAborted();
      await Promise.all(keys.slice(at, at + keysAtOnce).map((keyId) => ring.rewrap(keyId)));
    }
    const left = ring.formerlyWrapped().length;
    const text =
      left === 0
        ? `${counted(keys.length, 'key')} wrapped anew. MASTER_KEY needs only its first key now.`
        : `${counted(left, 'key')} came wrapped by a former key meanwhile. Run this again.`;
    return { text, json: { wrapped: keys.length, left } };
  } finally {
    await ring.close();
  }
}
