import { useQuery } from '@tanstack/react-query';
import { answerOf } from '#client/client.ts';
import { Empty, Shown } from '../../look/parts.tsx';
import { Time } from '../../look/time.tsx';
import { api } from '../../system/api.ts';
import { whole } from '../amounts.ts';
import { EventDetails } from '../events.tsx';
import ops from '../ops.module.css';
import { Fact, Facts } from '../parts.tsx';
import { LetterActs } from './letter-acts.tsx';

/** One dead letter: where its error came from, its event, and what can be done. */
export function LetterDetails({ id }: { id: string }) {
  const letter = useQuery({
    queryKey: ['ops', 'letter', id],
    queryFn: ({ signal }) =>
      answerOf(
        api().queries.GET('/v1/ops/dead-letters', {
          params: { query: { id, details: 'true' } },
          signal,
        }),
      ),
    select: ({ items }) => items[0] ?? null,
  });
  return (
    <Shown what="the dead letter" asked={letter}>
      {(found) => {
        if (!found) {
          return (
            <Empty title="It is no dead letter any more">
              <p>It was retried or discarded: the audit has who did that.</p>
            </Empty>
          );
        }
        const { attempts, lastTriedAt, details, generation } = found;
        return (
          <div className={ops.inRow}>
            <Facts>
              <Fact name="Generation">{generation}</Fact>
              <Fact name="Retried in vain">
                {attempts === 0 ? 'never' : `${attempts} times, the last at `}
                {lastTriedAt && <Time at={lastTriedAt} />}
              </Fact>
              <Fact name="Bytes">{details ? whole(details.bytes) : '—'}</Fact>
            </Facts>
            {details?.stack && <pre className={ops.stack}>{details.stack}</pre>}
            {details && <EventDetails event={details.event} />}
            <LetterActs filter={{ id }} count={1} />
          </div>
        );
      }}
    </Shown>
  );
}
