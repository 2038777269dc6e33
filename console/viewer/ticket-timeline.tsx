import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, type Schemas } from '#client/client.ts';
import { Badge, Button, Failure, Missed } from '../look/parts.tsx';
import { Time } from '../look/time.tsx';
import { api } from '../system/api.ts';
import css from './tickets-page.module.css';

type Ticket = Schemas['Ticket'];
type Entry = Ticket['timeline'][number];
type EntryPage = { items: Entry[]; next: string | null };

/** More than a ticket brings along: the first page has earlier ones, too. */
const pageSize = 100;

/** All entries from the newest back, once somebody asks for those that the ticket doesn't bring. */
const useEarlier = (ticketId: string, enabled: boolean) =>
  useInfiniteQuery({
    // It is read again with the ticket, so that there is never a gap between both.
    queryKey: ['ticket', ticketId, 'timeline'],
    enabled,
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }: EntryPage) => next,
    queryFn: ({ pageParam, signal }): Promise<EntryPage> => {
      const query = {
        ...{ sort: '-at' as const, limit: pageSize },
        ...(pageParam && { cursor: pageParam }),
      };
      const params = { path: { ticketId }, query };
      return answerOf(api().queries.GET('/v1/tickets/{ticketId}/timeline', { params, signal }));
    },
  });

/** What was written to a ticket, the newest last; a ticket has the newest, others are asked for. */
export function Timeline({ ticket }: { ticket: Ticket }) {
  const { ticketId, timeline, timelineLength } = ticket;
  const [isAsked, setAsked] = useState(false);
  const earlier = useEarlier(ticketId, isAsked);
  const { error, data, isFetchNextPageError } = earlier;
  const read = data?.pages.flatMap(({ items }) => items) ?? [];
  const known = new Map([...read, ...timeline].map((entry) => [entry.number, entry]));
  const entries = [...known.values()].sort((a, b) => a.number - b.number);
  const missing = timelineLength - entries.length;
  const goOn = () => void earlier.fetchNextPage();
  const again = isFetchNextPageError ? goOn : () => void earlier.refetch();
  return (
    <>
      {error && !data && <Failure what="earlier entries" error={error} again={again} />}
      {error && data && (
        <Missed what="Earlier entries couldn’t be read" error={error} again={again} />
      )}
      {missing > 0 && !error && (
        <Button disabled={earlier.isFetching} onClick={isAsked ? goOn : () => setAsked(true)}>
          Show earlier entries ({missing.toLocaleString('en')})
        </Button>
      )}
      <ol className={css.timeline}>
        {entries.map(({ number, at, by, type, message }) => (
          <li key={number}>
            <header>
              <Badge>{spokenTypes[type] ?? type}</Badge> {by}, <Time at={at} />
            </header>
            {message && <p>{message}</p>}
          </li>
        ))}
      </ol>
    </>
  );
}

const spokenTypes: Readonly<Record<string, string>> = { 'service-order': 'service order' };
