import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button, Empty, Shown } from '../../look/parts.tsx';
import { Time } from '../../look/time.tsx';
import { allEvents, eventsOfTopic, useScreen } from '../../shell/screen.ts';
import { whole } from '../amounts.ts';
import { parametersOf } from '../filter.ts';
import { FilterBar, useFilter } from '../filter-bar.tsx';
import { useOpened } from '../opened.ts';
import ops from '../ops.module.css';
import { OpsPage, Panel, Right, Table } from '../parts.tsx';
import { LetterActs } from './letter-acts.tsx';
import { LetterDetails } from './letter-details.tsx';
import { type Letter, type Letters, readLetters } from './letters.ts';

const known = ['view', 'topic', 'key', 'error', 'id'] as const;
const atOnce = 50;

/** Events that a view or reactor could not process: why, and what to do with them. */
export function LettersPage() {
  const filter = useFilter(known);
  useScreen('Dead letters', filter.topic ? eventsOfTopic(filter.topic) : allEvents);
  const { opened } = useOpened();
  const [jobId, setJobId] = useState<string>();
  const letters = useInfiniteQuery({
    queryKey: ['ops', 'letters', filter],
    refetchInterval: 2_000,
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }: Letters) => next,
    queryFn: ({ pageParam, signal }) => {
      const sent = Object.fromEntries(parametersOf(filter));
      const query = { ...sent, limit: atOnce, ...(pageParam && { cursor: pageParam }) };
      return readLetters(query, signal);
    },
  });
  return (
    <OpsPage
      title="Dead letters"
      lead={
        <>
          Events that a view or a reactor could not process. Later events of the same key wait
          behind the first one, so that their order holds.
        </>
      }
    >
      <FilterBar known={known} bare="error" placeholder='view:rankings error:"of undefined"' />
      <Shown what="the dead letters" asked={letters}>
        {({ pages }) => {
          const count = pages[0]?.count ?? 0;
          const items = pages.flatMap((page) => page.items);
          return (
            <>
              <LetterActs filter={filter} count={count} jobId={jobId} onAsked={setJobId} />
              {opened && !items.some(({ id }) => id === opened) && (
                <Panel title="The dead letter that the link leads to">
                  <LetterDetails id={opened} />
                </Panel>
              )}
              <Panel title={`${whole(count)} found`} flush>
                {count === 0 && (
                  <Empty title="No dead letters">
                    <p>
                      {Object.keys(filter).length > 0
                        ? 'None is like this.'
                        : 'Every event was folded into every view.'}
                    </p>
                  </Empty>
                )}
                {count > 0 && <Found items={items} />}
                {letters.hasNextPage && (
                  <p className={ops.note}>
                    <Button onClick={() => void letters.fetchNextPage()}>More</Button>
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

const Found = ({ items }: { items: readonly Letter[] }) => (
  <Table
    label="Dead letters"
    columns={[
      ...['View', 'Event', 'Key', 'Cause', 'Parked'],
      ...[
        { label: 'Attempts', right: true } as const,
        { label: 'Behind it', right: true } as const,
      ],
      { label: 'Details', hidden: true },
    ]}
  >
    {items.map((letter) => (
      <Row key={letter.id} letter={letter} />
    ))}
  </Table>
);

function Row({ letter }: { letter: Letter }) {
  const { id, view, topic, lane, offset, key, error, parkedAt, attempts, behind, isFirst } = letter;
  const { opened, toggle } = useOpened();
  const isShown = opened === id;
  return (
    <>
      <tr>
        <td>
          <strong>{view}</strong>
        </td>
        <td>
          <code>
            {topic}/{lane}/{offset}
          </code>
        </td>
        <td>{key}</td>
        <td className={ops.cause}>{error}</td>
        <td>
          <Time at={parkedAt} />
        </td>
        <Right>{attempts}</Right>
        <Right>{isFirst ? whole(behind) : 'waits'}</Right>
        <Right>
          <Button
            size="s"
            kind="plain"
            aria-expanded={isShown}
            aria-label={`Details of ${id}`}
            onClick={() => toggle(id)}
          >
            Details
          </Button>
        </Right>
      </tr>
      {isShown && (
        <tr>
          <td colSpan={8}>
            <div className={ops.inRow}>
              <LetterDetails id={id} />
            </div>
          </td>
        </tr>
      )}
    </>
  );
}
