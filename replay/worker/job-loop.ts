import { setTimeout as pause } from 'node:timers/promises';
import type { Filter } from 'mongodb';
import type { Lease } from '#kernel/leases/leases.ts';
import { messageOf } from '#kernel/message-of.ts';
import { readModelsOf } from '#kernel/projector/generations/generations.ts';
import type { CommandClient } from '#kernel/reactor/command-client.ts';
import { type JobProgress, progressOfJobs } from '#schemas/operations/job-progress.ts';
import type { JobDocument } from '#schemas/operations/jobs-view.ts';
import { ToolError } from '../tool/exit.ts';
import type { Tool } from '../tool/tool.ts';
import { leftOf } from './cancelled.ts';
import { carryOut } from './carry-out.ts';
import type { JobWork } from './job-work.ts';

export type JobLoopOptions = {
  tool: Omit<Tool, 'stop'>;
  /** The name of the view of jobs. */
  view: string;
  commands: CommandClient;
  lease: Lease;
  worker: string;
  onWarning(message: string): void;
};

const lookEveryMs = 250;
const pauseAfterErrorMs = 2_000;
/** A job that fails for no reason of its own is tried again, but not for ever. */
const mostAttempts = 20;

/**
 * Does one job after the other while it holds the lease. What the next worker needs to go on with
 * a job is stored before anything is done, so that a killed worker's job is never done twice. A job
 * that an operator cancels is stopped where the next one can go on, or never begun.
 */
export class JobLoop {
  readonly #options: JobLoopOptions;
  readonly #own = new AbortController();
  readonly #done: Promise<void>;
  readonly #stop: AbortSignal;

  constructor(options: JobLoopOptions) {
    this.#options = options;
    this.#stop = AbortSignal.any([this.#own.signal, options.lease.lost]);
    this.#done = this.#run();
  }

  async stop(): Promise<void> {
    this.#own.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#stop.aborted) {
      try {
        const [job] = await this.#open();
        if (job?.cancel) await this.#endCancelled(job);
        else if (job) await this.#work(job);
        else await this.#rest(lookEveryMs);
      } catch (error) {
        if (this.#stop.aborted) return;
        this.#options.onWarning(`A job is tried again: ${messageOf(error)}`);
        await this.#rest(pauseAfterErrorMs);
      }
    }
  }

  async #rest(ms: number, signal = this.#stop): Promise<void> {
    await pause(ms, undefined, { signal }).catch(() => {});
  }

  /** The jobs that have not ended, the oldest first. */
  async #open(more: Filter<JobDocument> = {}): Promise<JobDocument[]> {
    const { tool, view } = this.#options;
    const models = readModelsOf(tool.db).find({ view }).sort({ version: -1 });
    const active = (await models.toArray()).find((model) => model.active)?.active;
    if (!active) return [];
    const jobs = tool.db.collection<JobDocument>(active);
    return jobs.find({ ended: null, ...more }, { sort: { requestedAt: 1 } }).toArray();
  }

  async #work(job: JobDocument): Promise<void> {
    const [unwanted, over] = [new AbortController(), new AbortController()];
    const watching = this.#watch(job, unwanted, AbortSignal.any([this.#stop, over.signal]));
    try {
      await this.#carryOut(job, unwanted.signal);
    } finally {
      over.abort();
      await watching;
    }
  }

  /** While one job is being done, sees which are cancelled, or have ended in another way. */
  async #watch({ _id }: JobDocument, unwanted: AbortController, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      try {
        const jobs = await this.#open();
        const isWanted = jobs.some((job) => job._id === _id && !job.cancel);
        if (!isWanted) unwanted.abort();
        for (const job of jobs) if (job.cancel && job._id !== _id) await this.#endCancelled(job);
        await this.#rest(lookEveryMs, over);
      } catch (error) {
        if (over.aborted) return;
        this.#options.onWarning(`What is cancelled is looked for again: ${messageOf(error)}`);
        await this.#rest(pauseAfterErrorMs, over);
      }
    }
  }

  async #carryOut(job: JobDocument, unwanted: AbortSignal): Promise<void> {
    const { tool, worker, lease } = this.#options;
    const progress = progressOfJobs(tool.db);
    const fresh = { build: null, targets: null, letters: null, results: [], differences: null };
    const known = await progress.findOneAndUpdate(
      { _id: job._id },
      { $set: { worker }, $inc: { attempts: 1 }, $setOnInsert: fresh },
      { upsert: true, returnDocument: 'after', writeConcern: { w: 'majority' } },
    );
    const work: JobWork = {
      tool: { ...tool, stop: AbortSignal.any([this.#stop, unwanted]) },
      session: lease.session,
      known: known as JobProgress,
      async keep(more) {
        // Another worker may be at it.
        lease.lost.throwIfAborted();
        await progress.updateOne({ _id: job._id }, { $set: more }, majority);
      },
    };
    try {
      const outcome = await carryOut(job, work);
      await this.#tell(job, true, outcome);
    } catch (error) {
      if (this.#stop.aborted) return;
      if (unwanted.aborted) return; // If it is still open, it is cancelled, and told next.
      const isFinal = error instanceof ToolError || work.known.attempts >= mostAttempts;
      if (!isFinal) throw error;
      await this.#tell(job, false, messageOf(error));
    }
  }

  /** A job that was done before it could be stopped has told so itself. */
  async #endCancelled(job: JobDocument): Promise<void> {
    const { db } = this.#options.tool;
    const progress = await progressOfJobs(db).findOne({ _id: job._id });
    await this.#tell(job, false, await leftOf(job, progress, db));
  }

  /** The command is the same however often it is sent, so a lost answer does no harm. */
  async #tell({ _id }: JobDocument, succeeded: boolean, outcome: string): Promise<void> {
    const answer = await this.#options.commands.send(
      {
        path: `/v1/ops/jobs/${_id}/end`,
        body: { succeeded, outcome: outcome.replaceAll(/\s+/g, ' ').slice(0, 2_000) },
        key: `${_id}-end`,
      },
      this.#stop,
    );
    if (answer.kind === 'refused') throw new Error(`${answer.code}: ${answer.detail}`);
    // Until the view shows it, the job would be taken for one that waits.
    await this.#untilEnded(_id);
  }

  async #untilEnded(id: string): Promise<void> {
    const isOpen = async () => (await this.#open({ _id: id })).length > 0;
    while (!this.#stop.aborted && (await isOpen())) await this.#rest(50);
  }
}

const majority = { writeConcern: { w: 'majority' as const } };
