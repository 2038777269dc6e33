import type { Collection, Db } from 'mongodb';

/** How far the replay worker is with a job: what the next worker needs to go on with it. */
export type JobProgress = {
  /** The id of the job. */
  _id: string;
  worker: string;
  /** How often a worker began or resumed it. */
  attempts: number;
  build: {
    step: string;
    passed: number;
    of: number;
    events: number;
    eventsPerSecond: number;
    secondsLeft: number | null;
  } | null;
  /** What the job is about, found when it began: generations by view, or ids of letters. */
  targets: Record<string, string> | null;
  letters: string[] | null;
  results: { what: string; ok: boolean; detail: string }[];
  differences: Record<string, unknown> | null;
};

/** Its collection; it is no view, since it doesn't follow from events. */
export const progressOfJobs = (db: Db): Collection<JobProgress> =>
  db.collection<JobProgress>('job_progress');
