import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { answerOf } from '#client/client.ts';
import { Loading, Shown } from '../look/parts.tsx';
import { Time } from '../look/time.tsx';
import { api } from '../system/api.ts';
import { perSecond, spoken, whole } from './amounts.ts';
import { CancelJob } from './cancel-job.tsx';
import type { Job } from './contract.ts';
import css from './jobs.module.css';
import { Fact, Facts, State, To } from './parts.tsx';

const everyMs = 1_000;

const open: readonly Job['status'][] = ['waiting', 'running', 'cancelling'];
export const isOpen = ({ status }: Job) => open.includes(status);

/** A job, asked for again each second until it has ended. */
export const useJob = (jobId: string | undefined) =>
  useQuery<Job>({
    queryKey: ['ops', 'job', jobId],
    enabled: jobId !== undefined,
    refetchInterval: ({ state }) => (state.data && !isOpen(state.data) ? false : everyMs),
    queryFn: ({ signal }) => {
      const params = { path: { jobId: jobId ?? '' } };
      return answerOf(api().queries.GET('/v1/ops/jobs/{jobId}', { params, signal }));
    },
  });

/** A job that may have been asked for: how far it is, or why that can't be told. */
export const JobAsked = ({ asked }: { asked: ReturnType<typeof useJob> }) =>
  asked.isPending && asked.fetchStatus === 'idle' ? null : (
    <Shown what="the job" asked={asked} loading={<Loading what="the job" rows={1} />}>
      {(job) => <JobProgress job={job} />}
    </Shown>
  );

/** How far a job is, and what came of it. A failure stands where the bar was. */
export function JobProgress({ job }: { job: Job }) {
  const { status, progress, outcome, worker, requestedBy, requestedAt } = job;
  const isQuiet = useQuiet(job);
  return (
    <div className={css.job}>
      <p className={css.head}>
        <State state={status} />
        <span className={css.quiet}>
          {requestedBy}, <Time at={requestedAt} />
          {worker && ` · ${worker}`}
        </span>
      </p>
      {status === 'failed' && (
        <p className={css.failure} role="alert">
          {outcome}
        </p>
      )}
      {status === 'waiting' && (
        <p>A replay worker takes it as soon as one is free. If none runs, start one.</p>
      )}
      {status === 'running' && <Bar progress={progress} />}
      {status === 'cancelling' && (
        <p role="status">
          Its worker stops it within a second or so. If none runs, the next one ends it, and does no
          more of it.
        </p>
      )}
      {isQuiet && (
        <p role="status">
          No news of it for {whole(quietMs / 1_000)} seconds. If <To to="/ops">Flow</To> misses the
          replay worker or the projectors, it goes on where it was once they are started.
        </p>
      )}
      {(status === 'done' || status === 'cancelled') && <p>{outcome}</p>}
      <Cancelled job={job} />
      <Results results={job.results} />
      {(status === 'waiting' || status === 'running') && <CancelJob job={job} />}
    </div>
  );
}

/** Who cancelled it, and why; also if it was done before its worker knew. */
const Cancelled = ({ job: { status, cancel } }: { job: Job }) =>
  cancel && (
    <p className={css.quiet}>
      {cancel.by} cancelled it{status === 'done' && ' too late'}, <Time at={cancel.at} />
      {cancel.reason && `: ${cancel.reason}`}
    </p>
  );

const quietMs = 10_000;

/** @returns whether a running job has told nothing new for a while. */
function useQuiet({ status, progress, results }: Job): boolean {
  const told = `${status} ${progress?.step} ${progress?.passed} ${results.length}`;
  const [quiet, setQuiet] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(told), quietMs);
    return () => clearTimeout(timer);
  }, [told]);
  return status === 'running' && quiet === told;
}

function Bar({ progress }: { progress: Job['progress'] }) {
  if (!progress) return <progress className={css.meter} aria-label="Begins" />;
  const { step, passed, of, events, eventsPerSecond, secondsLeft } = progress;
  const percent = of === 0 ? 100 : Math.floor((passed / of) * 100);
  return (
    <>
      <progress
        className={css.meter}
        value={passed}
        max={of}
        aria-label={`${step}: ${percent} %`}
      />
      <Facts>
        <Fact name={step}>{percent} %</Fact>
        <Fact name="Events">{whole(events)}</Fact>
        <Fact name="Rate">{perSecond(eventsPerSecond)}</Fact>
        <Fact name="Time left">{secondsLeft === null ? '—' : spoken(secondsLeft)}</Fact>
      </Facts>
    </>
  );
}

const shownResults = 200;

function Results({ results }: { results: Job['results'] }) {
  // One good result says what the outcome says.
  if (results.length === 0 || (results.length === 1 && results[0]?.ok)) return null;
  return (
    <ul className={css.results} aria-label="Results">
      {results.slice(0, shownResults).map(({ what, ok, detail }) => (
        <li key={what}>
          <State state={ok ? 'done' : 'failed'} />
          <span>
            <strong>{what}</strong> {detail}
          </span>
        </li>
      ))}
      {results.length > shownResults && <li>and {whole(results.length - shownResults)} more</li>}
    </ul>
  );
}
