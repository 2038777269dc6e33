import { DataDir } from './data-dir.ts';
import { untilStopped } from './lifetime.ts';
import { partPorts, startParts, takeDataDir } from './parts.ts';
import { messageOf } from './problem.ts';
import { Progress } from './progress.ts';
import { localSettings } from './settings.ts';
import { Supervisor } from './supervisor.ts';

/** `npm run stack`: Kafka, the schema registry and mongod alone, until Ctrl-C. */
async function main(): Promise<void> {
  const progress = new Progress();
  const config = await localSettings();
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

await main().catch((error) => {
  console.error(messageOf(error));
  process.exit(1);
});
