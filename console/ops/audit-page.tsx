import { useInfiniteQuery } from '@tanstack/react-query';
import { answerOf } from '#client/client.ts';
import { Button, Empty, Shown } from '../look/parts.tsx';
import { Time } from '../look/time.tsx';
import { eventsOfTopic, useScreen } from '../shell/screen.ts';
import { api } from '../system/api.ts';
import { whole } from './amounts.ts';
import type { Job, Page } from './contract.ts';
import { FilterBar, useFilter } from './filter-bar.tsx';
import { isOpen, JobProgress, useJob } from './jobs.tsx';
import { useOpened } from './opened.ts';
import ops from './ops.module.css';
import { Json, OpsPage, Panel, State, Table, To } from './parts.tsx';

const known = ['user', 'act', 'status'] as const;
const atOnce = 50;

/** What operators did, from the log: each act is an event, so nothing can be left out. */
export function AuditPage() {
  useScreen('Audit', eventsOfTopic('operations'));
  const filter = useFilter(known);
  const isFiltered = Object.keys(filter).length > 0;
  const { opened } = useOpened();
  const audit = useInfiniteQuery({
    queryKey: ['ops', 'audit', filter],
    refetchInterval: 2_000,
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }: Page<Job>) => next,
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api().queries.GET('/v1/ops/audit', {
          params: { query: { ...filter, limit: atOnce, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ) as Promise<Page<Job>>,
  });
  return (
    <OpsPage
      title="Audit"
      lead={
        <>
          Who asked for what, and what came of it. The replay tool at a terminal sends no commands:
          what it did isn’t listed here.
        </>
      }
    >
      <FilterBar known={known} bare="user" placeholder="user:olga act:rebuild" />
      <Shown what="the acts" asked={audit}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return (
            <>
              {opened && !items.some(({ jobId }) => jobId === opened) && <Linked jobId={opened} />}
              <Panel
                title={`${whole(pages[0]?.count ?? 0)} acts`}
                tools={
                  <To to="/ops/tail" search={{ topic: 'operations' }}>
                    Follow them
                  </To>
                }
                flush
              >
                {items.length === 0 && (
                  <Empty title={isFiltered ? 'Nobody did anything like this' : 'No act yet'}>
                    <p>
                      Rebuilds, switches, retries and whatever else operators ask for stand here.
                    </p>
                  </Empty>
                )}
                {items.length > 0 && <Acts items={items} />}
                {audit.hasNextPage && (
                  <p className={ops.note}>
                    <Button onClick={() => void audit.fetchNextPage()}>Older ones</Button>
                  </p>
                )}
              </Panel>
            </>
          );
        }}
      </Shown>
    </OpsPage>
  );
}

/** An act that a link leads to, and that stands farther down or is not what the filter means. */
const Linked = ({ jobId }: { jobId: string }) => (
  <Panel title="The act that the link leads to" flush>
    <Shown what="the act" asked={useJob(jobId)}>
      {(job) => <Acts items={[job]} />}
    </Shown>
  </Panel>
);

const Acts = ({ items }: { items: readonly Job[] }) => (
  <Table
    label="Acts of operators"
    columns={['When', 'Who', 'Act', 'About', 'State', { label: 'Details', hidden: true }]}
  >
    {items.map((job) => (
      <Act key={job.jobId} job={job} />
    ))}
  </Table>
);

/** What an act was about, in a few words. */
const aboutOf = ({ input }: Job): string =>
  Object.entries(input)
    .filter(([, value]) => value !== false && value !== null)
    .map(([name, value]) => (value === true ? name : `${name} ${spelled(value)}`))
    .join(' · ');

const spelled = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(spelled).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

function Act({ job }: { job: Job }) {
  const { act, requestedBy, requestedAt, status, jobId } = job;
  const { opened, toggle } = useOpened();
  const isShown = opened === jobId;
  return (
    <>
      <tr>
        <td>
          <Time at={requestedAt} precise />
        </td>
        <td>
          <To to="/ops/streams" search={{ user: requestedBy }}>
            {requestedBy}
          </To>
        </td>
        <td>
          <strong>{act}</strong>
        </td>
        <td>{aboutOf(job)}</td>
        <td>
          <State state={status} />
        </td>
        <td data-right>
          <Button
            size="s"
            kind="plain"
            aria-expanded={isShown || isOpen(job)}
            aria-label={`Details of ${act} ${jobId}`}
            onClick={() => toggle(jobId)}
          >
            Details
          </Button>
        </td>
      </tr>
      {(isShown || isOpen(job)) && (
        <tr>
          <td colSpan={6}>
            <div className={ops.inRow}>
              <JobProgress job={job} />
              {isShown && (
                <>
                  <Json value={job.input} />
                  <p className={ops.small}>
                    <To to="/ops/streams" search={{ stream: `operations/${jobId}` }}>
                      Its events
                    </To>{' '}
                    · job {jobId}
                  </p>
                </>
              )}
            </div>
          </td>
        </tr>
      )}
    </>
  );
}
