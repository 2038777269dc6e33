import { join, resolve } from 'node:path';
import type { Command } from '#kernel/aggregate.ts';
import type { Settings } from '#kernel/config.ts';
import type { AnyProjection } from '#kernel/projection.ts';
import type { Schemas } from '#kernel/schemas/load-schemas.ts';

/** A system whose log and views the tool works on. */
export type ReplayApplication = {
  settings: Settings;
  schemas: Schemas;
  commands: readonly Command[];
  projections: readonly AnyProjection[];
  /** Options that select events by a field of their data, such as `{ movie: 'movieId' }`. */
  filters: Readonly<Record<string, string>>;
};

/** The module that says what the application is: this system's, unless another one is named. */
const module = process.env.REPLAY_APPLICATION ?? join(import.meta.dirname, '..', 'application.ts');

export const { application } = (await import(resolve(module))) as {
  application: ReplayApplication;
};
