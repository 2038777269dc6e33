import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from '#kernel/aggregate.ts';
import type { Config, Settings } from '#kernel/config.ts';
import type { People } from '#kernel/personal/persons.ts';
import type { AnyProjection } from '#kernel/projection.ts';
import type { Schemas } from '#kernel/schemas/load-schemas.ts';
import { exit } from './exit.ts';

/** A system whose log and views the tool works on. */
export type ReplayApplication = {
  settings: Settings;
  schemas: Schemas;
  commands: readonly Command[];
  projections: readonly AnyProjection[];
  /** The people whose text events carry, encrypted; unset, there is none. */
  people?: People;
  /** Options that select events by a field of their data, such as `{ movie: 'movieId' }`. */
  filters: Readonly<Record<string, string>>;
  /** Where the worker finds its jobs, and sends what came of them; unset, there is no worker. */
  worker?: WorkerDefinition;
};

export type WorkerDefinition = {
  /** The name of the view of jobs. */
  view: string;
  port(config: Config): number;
  commandUrl(config: Config): string;
};

const named = process.env.REPLAY_APPLICATION;

/** The module that says what the application is: this system's, unless another one is named. */
const module = resolve(named ?? join(import.meta.dirname, '..', 'application.ts'));

if (!existsSync(module)) fail(`${module} does not exist`);
const loaded = await import(module).catch((error: Error) => fail(error.stack ?? error.message));
if (!loaded.application) fail(`${module} exports no \`application\``);

export const application = loaded.application as ReplayApplication;

function fail(reason: string): never {
  const cure = 'Set REPLAY_APPLICATION to a module that exports the `application` to work on.';
  process.stderr.write(`${reason}. ${cure}\n`);
  process.exit(exit.failed);
}
