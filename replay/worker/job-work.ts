import type { ClientSession } from 'mongodb';
import type { JobProgress } from '#schemas/operations/job-progress.ts';
import type { Tool } from '../tool/tool.ts';

export type JobWork = {
  /** Its `stop` aborts when the job is cancelled, too. */
  tool: Tool;
  /** That of the worker's lease: what is left open in it ends with the lease. */
  session: ClientSession;
  /** What earlier workers have kept. */
  known: JobProgress;
  keep(more: Partial<JobProgress>): Promise<void>;
};
