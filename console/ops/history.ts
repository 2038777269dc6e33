import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { answerOf } from '#client/client.ts';
import { api } from '../system/api.ts';
import type { OpsEvent } from './contract.ts';
import type { Filter } from './filter.ts';

/** What has happened to something, or to everything: its events, in pages. */

export type Order = 'oldest' | 'newest';

const pageSize = 100;

/** The log is searched for one of them, the one that most probably has the fewest events. */
const sought = ['stream', 'correlation', 'ticket', 'user', 'movie'] as const;

/** What the log is searched for; nothing if all events are meant. */
export function soughtIn(filter: Filter): Filter {
  const name = sought.find((one) => filter[one] !== undefined);
  return name ? { [name]: filter[name] } : {};
}

/** What is left of a filter is applied here. */
const isMeant = ({ subject, correlationid, actor, data }: OpsEvent, filter: Filter): boolean => {
  const { userId, by, movieId, ticketId } = (data ?? {}) as Record<string, unknown>;
  const has = {
    ...{ stream: [subject], correlation: [correlationid], user: [userId, by, actor] },
    ...{ movie: [movieId], ticket: [ticketId] },
  };
  return sought.every((name) => filter[name] === undefined || has[name].includes(filter[name]));
};

type Asked = { filter: Filter; order: Order; limit?: number; cursor?: string | null };
export type EventPage = { items: readonly OpsEvent[]; next: string | null };

/** A page of the events, from the filter's `from` on. */
export async function readEvents(
  { filter, order, limit = pageSize, cursor }: Asked,
  signal: AbortSignal,
): Promise<EventPage> {
  const { from, topic } = filter;
  const query = {
    ...soughtIn(filter),
    order,
    limit,
    ...(from && { from }),
    ...(topic && { topic }),
  };
  const params = { query: { ...query, ...(cursor && { cursor }) } };
  const page = await answerOf(api().queries.GET('/v1/ops/events', { params, signal }));
  return { items: page.items.filter((event) => isMeant(event, filter)), next: page.next };
}

/** The past doesn't change, but goes on. */
export const staleAfterMs = 10_000;

/** Events page by page: one is there at first, others are asked for. */
export function useEvents(filter: Filter, order: Order, enabled = true) {
  const asked = useInfiniteQuery({
    queryKey: ['ops', 'events', filter, order],
    staleTime: staleAfterMs,
    enabled,
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) => readEvents({ filter, order, cursor: pageParam }, signal),
    getNextPageParam: ({ next }: EventPage) => next,
  });
  const { data, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = asked;
  const events = data?.pages.flatMap(({ items }) => items) ?? [];
  return {
    ...{ asked, events, isAll: data !== undefined && !hasNextPage },
    failed: isFetchNextPageError ? asked.error : null,
    isBusy: isFetching,
    more: () => {
      if (hasNextPage && !isFetching) void fetchNextPage();
    },
  };
}

export type History = {
  events: readonly OpsEvent[];
  /** False if there are more than are read here. */
  all: boolean;
};

/** So many are looked at as a whole. */
export const mostOfWhole = 500;

async function readWhole(filter: Filter, signal: AbortSignal): Promise<History> {
  const events: OpsEvent[] = [];
  for (let read = 0, cursor: string | null = null; read < mostOfWhole; read += pageSize) {
    const page: EventPage = await readEvents({ filter, order: 'oldest', cursor }, signal);
    events.push(...page.items);
    cursor = page.next;
    if (cursor === null) return { events, all: true };
  }
  return { events, all: false };
}

/** All events, if they are few. */
export const useHistory = (filter: Filter) =>
  useQuery({
    queryKey: ['ops', 'history', filter],
    staleTime: staleAfterMs,
    queryFn: ({ signal }) => readWhole(filter, signal),
  });

/** The last event of a stream. */
export const useNewest = (stream: string) =>
  useQuery({
    queryKey: ['ops', 'newest', stream],
    staleTime: staleAfterMs,
    queryFn: async ({ signal }) => {
      const { items } = await readEvents({ filter: { stream }, order: 'newest', limit: 1 }, signal);
      return items[0] ?? null;
    },
  });

type Fields = Record<string, unknown>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : { value };

/** The fields that differ; by their text, since both are JSON. */
export function differing(then: unknown, now: unknown): string[] {
  const [before, after] = [fieldsOf(then), fieldsOf(now)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
