import { useQuery } from '@tanstack/react-query';
import { Empty, Shown } from '../../look/parts.tsx';
import { Time } from '../../look/time.tsx';
import { Store, useStore } from '../../system/store.ts';
import { whole } from '../amounts.ts';
import { EventDetails } from '../events.tsx';
import ops from '../ops.module.css';
import { Fact, Facts } from '../parts.tsx';
import { LetterActs } from './letter-acts.tsx';
import { type Letter, type Letters, readLetters } from './letters.ts';

/**
 * The jobs that were asked for, by the letter's id. A letter that is done goes from its row, and
 * what came of it is shown wherever the letter is opened then.
 */
const jobs = new Store<Readonly<Record<string, string>>>({});

const everyMs = 1_000;

/** One dead letter: where its error came from, its event, what can be done, and what came of it. */
export function LetterDetails({ id }: { id: string }) {
  const { [id]: jobId } = useStore(jobs);
  const letter = useQuery<Letters, Error, Letter | null>({
    queryKey: ['ops', 'letter', id],
    // Once something was asked for, the letter may go at any time.
    refetchInterval: ({ state }) =>
      jobId !== undefined && state.data?.items.length ? everyMs : false,
    queryFn: ({ signal }) => readLetters({ id, details: 'true' }, signal),
    select: ({ items }) => items[0] ?? null,
  });
  return (
    <>
      <Shown what="the dead letter" asked={letter}>
        {(found) =>
          found ? (
            <Known letter={found} />
          ) : (
            <Empty title="It is no dead letter any more">
              <p>It was retried or discarded: the audit has who did that.</p>
            </Empty>
          )
        }
      </Shown>
      <LetterActs
        filter={{ id }}
        count={letter.data ? 1 : 0}
        jobId={jobId}
        onAsked={(asked) => jobs.update((before) => ({ ...before, [id]: asked }))}
      />
    </>
  );
}

const Known = ({ letter }: { letter: Letter }) => {
  const { attempts, lastTriedAt, details, generation } = letter;
  return (
    <>
      <Facts>
        <Fact name="Generation">{generation}</Fact>
        <Fact name="Retried in vain">
          {attempts === 0 && 'never'}
          {attempts > 0 && (attempts === 1 ? 'once, at ' : `${attempts} times, the last at `)}
          {lastTriedAt && <Time at={lastTriedAt} />}
        </Fact>
        <Fact name="Bytes">{details ? whole(details.bytes) : '—'}</Fact>
      </Facts>
      {details?.stack && <pre className={ops.stack}>{details.stack}</pre>}
      {details && <EventDetails event={details.event} />}
    </>
  );
};
