import { settings } from '#schemas/config.ts';
import { endInFailure } from '../base/problem.ts';
import { Progress } from '../base/progress.ts';
import { DataDir } from '../system/data-dir.ts';
import { untilStopped } from '../system/lifetime.ts';
import { partPorts, startParts, takeDataDir } from '../system/own-parts.ts';
import { localSettings } from '../system/settings.ts';
import { Supervisor } from '../system/supervisor.ts';

/** `npm run stack`: Kafka, the schema registry and mongod alone, until Ctrl-C. */
async function main(): Promise<void> {
  const progress = new Progress();
  const config = await localSettings(settings);
  const dataDir = new DataDir(config.dataDir);
  const supervisor = new Supervisor(dataDir, (line) => progress.say(line));
  await takeDataDir(config, dataDir, partPorts(config), (line) => progress.say(line));
  await untilStopped(
    async () => {
      const stack = await startParts(config, dataDir, supervisor, progress);
      await supervisor.publish(stack.endpoints);
      for (const { name, url, pid } of supervisor.processes)
        progress.say(`${name} ${url} (${pid})`);
      progress.say(`Ready: ${dataDir.file('endpoints.json')}. Ctrl-C stops it.`);
    },
    async () => {
      await progress.step('Stop', () => supervisor.stop([supervisor.processes]));
      await dataDir.release();
    },
  );
}

await main().catch(endInFailure);
