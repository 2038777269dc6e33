import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { answerOf } from '#client/client.ts';
import { api } from '../../system/api.ts';
import type { OpsEvent } from '../contract.ts';
import type { Filter } from '../filter.ts';
import { type EventPage, readEvents, soughtIn, staleAfterMs } from '../history.ts';

/** Looks for a moment in a log that is too long to be read: coarsely by stops, then by events. */

/** A part of the log, from a stop to another one; all of it without. */
export type Range = { from: string | undefined; until: string | undefined };

const mostStops = 400;

/** Times at which the slider stops. Between two of them there are about as many events each. */
export const useStops = (filter: Filter, { from, until }: Range) =>
  useQuery({
    queryKey: ['ops', 'stops', filter, from, until],
    staleTime: staleAfterMs,
    queryFn: async ({ signal }) => {
      const query = { ...soughtIn(filter), parts: mostStops, ...range({ from, until }) };
      const end = (order: 'oldest' | 'newest', begin: string | undefined) =>
        readEvents({ filter: { ...filter, from: begin }, order, limit: 1 }, signal);
      const [first, last, { items }] = await Promise.all([
        end('oldest', from),
        end('newest', until),
        answerOf(api().queries.GET('/v1/ops/moments', { params: { query }, signal })),
      ]);
      const ends = [...first.items, ...last.items].map(({ time }) => time);
      return [...new Set([...items, ...ends])].sort();
    },
  });

const range = ({ from, until }: Range) => ({ ...(from && { from }), ...(until && { until }) });

const around = 50;

/** The events before and after a moment; more of them as one asks. */
export function useNearby(filter: Filter, at: string) {
  const before = useSide(filter, at, 'newest');
  const after = useSide(filter, at, 'oldest');
  const error = before.error ?? after.error;
  const isThere = before.data !== undefined && after.data !== undefined;
  const earlier = itemsOf(before.data?.pages).toReversed();
  return {
    data: isThere ? { events: [...earlier, ...itemsOf(after.data?.pages)] } : undefined,
    /** The place of the first event at that moment, or of the last one before it. */
    first: after.data && itemsOf(after.data.pages).length > 0 ? earlier.length : earlier.length - 1,
    error,
    refetch: () => {
      for (const side of [before, after]) {
        if (side.isFetchNextPageError) void side.fetchNextPage();
        else if (side.error || side.data === undefined) void side.refetch();
      }
    },
    more: {
      before: before.hasNextPage ? () => void before.fetchNextPage(quietly) : null,
      after: after.hasNextPage ? () => void after.fetchNextPage(quietly) : null,
    },
  };
}

/** A page that is on its way needn't be asked for again. */
const quietly = { cancelRefetch: false };

const itemsOf = (pages: readonly EventPage[] | undefined): OpsEvent[] =>
  (pages ?? []).flatMap(({ items }) => items);

const useSide = (filter: Filter, at: string, order: 'oldest' | 'newest') =>
  useInfiniteQuery({
    queryKey: ['ops', 'nearby', filter, at, order],
    staleTime: staleAfterMs,
    gcTime: 30_000,
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      readEvents(
        { filter: { ...filter, from: at }, order, limit: around, cursor: pageParam },
        signal,
      ),
    getNextPageParam: ({ next }: EventPage) => next,
  });
