import type { JobProgress } from '#schemas/operations/job-progress.ts';
import type { Tool } from '../tool/tool.ts';

export type JobWork = {
  tool: Tool;
  /** What earlier workers have kept. */
  known: JobProgress;
  keep(more: Partial<JobProgress>): Promise<void>;
};
