import { MongoClient } from 'mongodb';
import { Generations } from '../projector/generations/generations.ts';
import { journalView } from './journal.ts';

/** A process that works on the generations of a view, and kills itself in the middle of that. */
export type KilledGenerations = {
  mongo: string;
  database: string;
  does: 'begin' | 'resume' | 'drop';
  /** For `drop`. */
  generation: string;
  /** The command of MongoDB before or after which the process dies. */
  dies: 'before' | 'after';
  command: string;
};

const settings = JSON.parse(process.argv[2] as string) as KilledGenerations;
const client = await new MongoClient(settings.mongo, { monitorCommands: true }).connect();
const event = settings.dies === 'before' ? 'commandStarted' : 'commandSucceeded';
client.on(event, ({ commandName }: { commandName: string }) => {
  if (commandName === settings.command) process.kill(process.pid, 'SIGKILL');
});
const generations = new Generations(client.db(settings.database), journalView);
await generations[settings.does](settings.generation);
await client.close();
