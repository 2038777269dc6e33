import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, ProblemError } from '#client/client.ts';
import { Button, Failure, Loading, MissedRead, Row, Shown } from '../../look/parts.tsx';
import { Time } from '../../look/time.tsx';
import { perform } from '../../system/act.ts';
import { api } from '../../system/api.ts';
import { keepAsOf } from '../acts.ts';
import type { OpsEvent } from '../contract.ts';
import { isOpen, JobAsked, useJob } from '../jobs.tsx';
import ops from '../ops.module.css';
import { Panel, Table } from '../parts.tsx';
import { type AsOf, type Projections, useProjections } from '../system.ts';
import { ThenAndNow } from './then-and-now.tsx';

/** What readers saw: views are kept as of the event's time, and read with `asOf`. */
export const ViewsThen = ({ event }: { event: OpsEvent }) => (
  <Shown what="the views" asked={useProjections()} loading={<Loading what="the views" rows={1} />}>
    {({ asOfs }) => <Kept event={event} asOfs={asOfs} />}
  </Shown>
);

function Kept({ event, asOfs }: { event: OpsEvent; asOfs: Projections['asOfs'] }) {
  const [jobId, setJobId] = useState<string>();
  const job = useJob(jobId);
  const kept = asOfs.find(
    ({ time, builtAt }) => builtAt !== null && Date.parse(time) === Date.parse(event.time),
  );
  const views = viewsWorthKeeping;
  const keep = () => {
    const wanted = keepAsOf(nameOf(event.time), event.time, views);
    void perform({ ...wanted, done: (answer) => setJobId(answer.jobId) });
  };
  const isBusy = job.data !== undefined && isOpen(job.data);
  return (
    <>
      <Panel title="What readers saw then">
        {kept ? (
          <p>
            <code>?asOf={kept.name}</code> shows <Time at={kept.time} precise />:{' '}
            {kept.views.map(({ view }) => view).join(', ')}.
          </p>
        ) : (
          <p>
            The views aren’t kept as of this event yet. A worker folds the log up to its time,
            beside the served ones; that takes seconds, and for long logs minutes.
          </p>
        )}
        {!kept && (
          <Row>
            <Button kind="main" icon="clock" disabled={isBusy} onClick={keep}>
              Keep {views.join(' and ')} as of this event
            </Button>
          </Row>
        )}
        {!kept && <JobAsked asked={job} />}
      </Panel>
      {kept && <Compared kept={kept} event={event} />}
    </>
  );
}

const viewsWorthKeeping = ['movies', 'rankings'];

/** A name that says which moment it is. */
const nameOf = (time: string) => `at-${time.replaceAll(/[^0-9TZ]/g, '')}`;

function Compared({ kept, event }: { kept: AsOf; event: OpsEvent }) {
  const { movieId } = (event.data ?? {}) as { movieId?: string };
  return (
    <>
      {movieId && <MovieThen name={kept.name} movieId={movieId} />}
      <RankingThen name={kept.name} />
    </>
  );
}

function MovieThen({ name, movieId }: { name: string; movieId: string }) {
  const what = 'the film then and now';
  const read = (asOf?: string) => ({
    queryKey: ['ops', 'movie', movieId, asOf ?? null],
    queryFn: ({ signal }: { signal: AbortSignal }) => {
      const params = { path: { movieId }, query: asOf ? { asOf } : {} };
      return answerOf(api().queries.GET('/v1/movies/{movieId}', { params, signal }));
    },
  });
  const then = useQuery(read(name));
  const now = useQuery(read());
  const failed = failedOf(now) ?? (isUnknown(then.error) ? null : failedOf(then));
  if (failed)
    return <Failure what={what} error={failed.error} again={() => void failed.refetch()} />;
  if (!now.data || then.isPending) return <Loading what={what} rows={1} />;
  // The past is that of the system: what a reader has said of the film is no part of it.
  const { me: _, ...shown } = now.data;
  return (
    <>
      <MissedRead what={what} asked={now.error ? now : then} />
      <ThenAndNow what={now.data.title} then={then.data ?? null} now={shown} />
    </>
  );
}

type Asked = { data: unknown; error: unknown; refetch: () => unknown };

/** What can't be shown, since it was never read. */
const failedOf = (asked: Asked): Asked | null =>
  asked.error && asked.data === undefined ? asked : null;

/** Only this failure says that there was no such film; any other says nothing about it. */
const isUnknown = (error: unknown): boolean =>
  error instanceof ProblemError && error.problem.code === 'movie-unknown';

const shownPlaces = 10;

function RankingThen({ name }: { name: string }) {
  const what = 'the ranking then and now';
  const read = (asOf?: string) => ({
    queryKey: ['ops', 'rankings', asOf ?? null],
    queryFn: ({ signal }: { signal: AbortSignal }) => {
      const query = { limit: shownPlaces, ...(asOf && { asOf }) };
      return answerOf(api().queries.GET('/v1/rankings', { params: { query }, signal }));
    },
  });
  const then = useQuery(read(name));
  const now = useQuery(read());
  const failed = failedOf(then) ?? failedOf(now);
  if (failed)
    return <Failure what={what} error={failed.error} again={() => void failed.refetch()} />;
  if (!then.data || !now.data) return <Loading what={what} rows={2} />;
  const [before, after] = [then.data.items, now.data.items];
  return (
    <Panel title="The ranking" flush>
      <MissedRead what={what} asked={now.error ? now : then} />
      <Table
        label="The ranking then and now"
        columns={[
          'Place',
          ...['Then', 'Likes and dislikes then', 'Score then'],
          ...['Now', 'Likes and dislikes now', 'Score now'],
        ]}
      >
        {Array.from({ length: Math.max(before.length, after.length) }, (_, place) => {
          const [then, now] = [shownAt(before[place]), shownAt(after[place])];
          return (
            <tr key={before[place]?.movieId ?? after[place]?.movieId}>
              <td>{place + 1}</td>
              <Ranked shown={then} other={now} />
              <Ranked shown={now} other={then} />
            </tr>
          );
        })}
      </Table>
    </Panel>
  );
}

type Place = { title: string; likes: number; dislikes: number; score: number | null };

/** What stands at a place of the ranking, cell by cell. */
const shownAt = (film: Place | undefined): readonly string[] =>
  film
    ? [film.title, `${film.likes} · ${film.dislikes}`, film.score?.toFixed(4) ?? '—']
    : ['—', '—', '—'];

/** Cells of which those are marked that differ from the same place at the other time. */
const Ranked = ({ shown, other }: { shown: readonly string[]; other: readonly string[] }) =>
  shown.map((text, at) => {
    const isChanged = text !== other[at];
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: each stands for its column.
      <td key={at} className={isChanged ? ops.lit : undefined}>
        {isChanged && <span className="visually-hidden">(changed) </span>}
        {text}
      </td>
    );
  });
