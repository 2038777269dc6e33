import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { answerOf } from '#client/client.ts';
import { Button, Field, inputClass, Row, Shown } from '../../look/parts.tsx';
import { type Act, perform } from '../../system/act.ts';
import { api } from '../../system/api.ts';
import { type JobAnswer, rebuild, rollBack, serveKept } from '../acts.ts';
import type { Job } from '../contract.ts';
import { isOpen, JobAsked, useJob } from '../jobs.tsx';
import { Panel } from '../parts.tsx';
import type { Projection } from '../system.ts';
import { type Differences, DifferencesView } from './differences.tsx';
import { Drop } from './drop.tsx';
import css from './guide.module.css';

/** The newest jobs; those of other views are passed over. */
const looked = 50;

const useJobsOf = (view: string) =>
  useQuery({
    queryKey: ['ops', 'jobs', looked],
    refetchInterval: 2_000,
    queryFn: ({ signal }) =>
      answerOf(api().queries.GET('/v1/ops/jobs', { params: { query: { limit: looked } }, signal })),
    select: ({ items }) => items.filter((job) => isAbout(job, view)),
  });

const isAbout = ({ input, act }: Job, view: string): boolean => {
  const { views, view: one, name } = input as { views?: string[]; view?: string; name?: string };
  if (act === 'rebuild') return views?.length === 1 && views[0] === view;
  if (act === 'drop') return name?.startsWith(`${view}.g`) ?? false;
  return one === view && (act === 'switch' || act === 'rollback');
};

/** Rebuild, compare, switch, and back: one way, whose steps say when they can be taken. */
export function Guide({ projection }: { projection: Projection }) {
  const jobs = useJobsOf(projection.name);
  return (
    <Panel title="A new generation, step by step">
      <Shown what="the jobs of the view" asked={jobs}>
        {(known) => <Steps projection={projection} jobs={known} />}
      </Shown>
    </Panel>
  );
}

type Asked = Partial<Record<string, string>>;

/** Once a job that was asked for here is in the list, somebody else's may be newer. */
function unlisted(asked: Asked, jobs: readonly Job[]): Asked {
  const isListed = (id?: string) => jobs.some(({ jobId }) => jobId === id);
  const left = Object.entries(asked).filter(([, id]) => !isListed(id));
  return left.length === Object.keys(asked).length ? asked : Object.fromEntries(left);
}

function Steps({ projection, jobs }: { projection: Projection; jobs: readonly Job[] }) {
  const { name, kept, previous, active } = projection;
  const [asked, setAsked] = useState<Asked>({});
  const newest = (act: string) => asked[act] ?? jobs.find((job) => job.act === act)?.jobId;
  useEffect(() => setAsked((before) => unlisted(before, jobs)), [jobs]);
  const rebuilt = useJob(newest('rebuild'));
  const switched = useJob(newest('switch'));
  const rolled = useJob(newest('rollback'));
  const dropped = useJob(newest('drop'));
  const built = rebuilt.data;
  const isBusy = [rebuilt, switched, rolled, dropped].some(({ data }) => data && isOpen(data));
  const isAsked = (act: string, jobId: string) =>
    setAsked((before) => ({ ...before, [act]: jobId }));
  const ask = (act: string, wanted: Act<JobAnswer>) =>
    void perform({ ...wanted, done: ({ jobId }) => isAsked(act, jobId) });
  const isGone = dropped.data?.status === 'done' && !isNewer(rebuilt, dropped);
  const isCompared = built?.status === 'done' && !isGone;
  const differences = isCompared ? (built.differences as Differences | null) : null;
  return (
    <ol className={css.steps}>
      <Step
        number={1}
        title="Rebuild"
        says="From the first event, beside the generation that is served. Readers notice nothing."
      >
        <Begin isBusy={isBusy} onBegin={(throttle) => ask('rebuild', rebuild(name, throttle))} />
        {isNewer(rebuilt, dropped) && <JobAsked asked={rebuilt} />}
        {isNewer(dropped, rebuilt) && <JobAsked asked={dropped} />}
        <Spare projection={projection} isBusy={isBusy} onDrop={(jobId) => isAsked('drop', jobId)} />
      </Step>
      <Step
        number={2}
        title="Compare"
        says="Both generations at the same place in the log, document by document."
      >
        {differences ? <DifferencesView differences={differences} /> : <p>After the rebuild.</p>}
      </Step>
      <Step
        number={3}
        title="Switch"
        says="The new generation catches up, and is served at once by all nodes."
      >
        <Button
          kind="main"
          disabled={isBusy || kept.length === 0}
          onClick={() => ask('switch', serveKept(name))}
        >
          {kept.length > 0 ? `Serve ${kept.at(-1)}` : 'Nothing is kept for a switch'}
        </Button>
        {isNewer(switched, rolled) && <JobAsked asked={switched} />}
      </Step>
      <Step
        number={4}
        title="Roll back"
        says="The generation that was served before stays until the next switch."
      >
        <Button
          disabled={isBusy || previous === null}
          onClick={() => ask('rollback', rollBack(name))}
        >
          {previous ? `Serve ${previous} again in place of ${active}` : 'Nothing to go back to'}
        </Button>
        {isNewer(rolled, switched) && <JobAsked asked={rolled} />}
      </Step>
    </ol>
  );
}

type SpareProps = { projection: Projection; isBusy: boolean; onDrop: (jobId: string) => void };

/** The generations that nobody reads: what a rebuild has kept, or has left when it was stopped. */
function Spare({ projection: { kept, building, active }, isBusy, onDrop }: SpareProps) {
  const all = kept.map((generation) => ({ generation, is: 'kept for a switch' }));
  if (building?.owner === null) {
    all.push({
      generation: building.generation,
      is: 'unfinished: the next rebuild goes on with it',
    });
  }
  return all.map(({ generation, is }) => (
    <Row key={generation}>
      <span>
        {generation} is {is}.
      </span>
      <Drop name={generation} disabled={isBusy} onAsked={onDrop}>
        <p>The next rebuild begins at the first event again, as a changed fold needs it.</p>
        <p>Readers notice nothing{active && `: they read ${active}`}.</p>
      </Drop>
    </Row>
  ));
}

/** Of two jobs of which one undoes what the other did, only the newer one says what is so now. */
const isNewer = (one: ReturnType<typeof useJob>, other: ReturnType<typeof useJob>): boolean =>
  !one.data || !other.data || one.data.requestedAt > other.data.requestedAt;

type StepProps = { number: number; title: string; says: string; children: ReactNode };

const Step = ({ number, title, says, children }: StepProps) => (
  <li className={css.step}>
    <span className={css.number} aria-hidden="true">
      {number}
    </span>
    <div className={css.inside}>
      <h3>{title}</h3>
      <p className={css.says}>{says}</p>
      {children}
    </div>
  </li>
);

function Begin({ isBusy, onBegin }: { isBusy: boolean; onBegin: (throttle?: number) => void }) {
  const submit = (form: React.FormEvent<HTMLFormElement>) => {
    form.preventDefault();
    const throttle = Number(new FormData(form.currentTarget).get('throttle'));
    onBegin(throttle > 0 ? throttle : undefined);
  };
  return (
    <form className={css.begin} onSubmit={submit}>
      <Field label="Events a second at most">
        <input
          name="throttle"
          type="number"
          min={1}
          className={inputClass}
          placeholder="no limit"
        />
      </Field>
      <Button type="submit" kind="main" disabled={isBusy}>
        Rebuild
      </Button>
    </form>
  );
}
