import { settings } from '#schemas/config.ts';
import { endIfOutputFails } from '../base/output.ts';
import { endInFailure } from '../base/problem.ts';
import { DataDir } from '../system/data-dir.ts';
import { forgetData } from '../system/forget-data.ts';
import { localSettings } from '../system/settings.ts';
import { clusterFolder, loadFolder } from './cluster.ts';
import { pendingImportFile } from './start/catalogue.ts';

/** `npm run reset`: forgets all data. Fetched programs stay. */
async function main(): Promise<void> {
  const dataDir = new DataDir((await localSettings(settings)).dataDir);
  let removed = false;
  for (const folder of [dataDir.file(clusterFolder), dataDir.file(loadFolder), dataDir.path]) {
    removed = (await forgetData(new DataDir(folder), [pendingImportFile])) || removed;
  }
  const outcome = removed ? 'is forgotten' : 'was empty already';
  console.log(`The data in ${dataDir.path} ${outcome}.`);
}

endIfOutputFails(1);
await main().catch(endInFailure);
