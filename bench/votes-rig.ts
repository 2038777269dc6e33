import { MongoClient } from 'mongodb';
import { progress, type Rig } from './rig.ts';

/** Makes the topics of a prefix, and puts the movies that votes are for into its log. */
export async function importMovies(rig: Rig, prefix: string): Promise<void> {
  await rig.deploy(prefix);
  const settings = { TOPIC_PREFIX: prefix, MONGO_DATABASE: 'bench-import' };
  await progress.step('Import the movies', async () => {
    const { url, end } = await rig.start('command-api/main.ts', settings);
    await rig.run('scraper/main.ts', ['scraper/catalogue.csv'], { COMMAND_API_URL: url });
    await end();
  });
  await drop(rig, 'bench-import');
}

export async function drop({ settings }: Rig, database: string): Promise<void> {
  const client = await new MongoClient(settings.MONGO_URL!).connect();
  await client.db(database).dropDatabase();
  await client.close();
}
