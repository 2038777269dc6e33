import { useQueries, useQuery } from '@tanstack/react-query';
import { answerOf } from '#client/client.ts';
import { api } from '../../system/api.ts';
import type { StreamStep } from '../contract.ts';
import { staleAfterMs } from '../history.ts';

/** The events of a stream, each with the state that commands were decided on after it. */

export const pageSize = 100;

/** @param from the number of the first event. */
async function read(id: string, from: number, limit: number, signal: AbortSignal) {
  const query = { id, from, limit };
  return answerOf(api().commands.GET('/v1/ops/stream', { params: { query }, signal }));
}

/** How many events the stream has. */
export const useCount = (id: string) =>
  useQuery({
    queryKey: ['ops', 'stream', id, 'count'],
    staleTime: staleAfterMs,
    queryFn: async ({ signal }) => (await read(id, 1, 1, signal)).count,
  });

/** States may be large: pages that are out of sight are forgotten soon. */
const keptMs = 30_000;

/** @returns the steps on these pages by the numbers of their events, as far as they are there. */
export function useSteps(id: string, pages: readonly number[], count: number) {
  return useQueries({
    queries: pages.map((page) => {
      const from = page * pageSize + 1;
      // A page that isn't full yet is another one once it has more.
      const until = Math.min(count, from + pageSize - 1);
      return {
        queryKey: ['ops', 'stream', id, from, until],
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: keptMs,
        queryFn: ({ signal }: { signal: AbortSignal }) => read(id, from, until - from + 1, signal),
      };
    }),
    combine: (results) => ({
      steps: new Map(
        results.flatMap(({ data }) => (data?.items ?? []).map((step) => [numberOf(step), step])),
      ),
      error: results.find(({ error }) => error)?.error ?? null,
      again: () => {
        for (const { error, refetch } of results) if (error) void refetch();
      },
    }),
  });
}

const numberOf = ({ event }: StreamStep): number => event.sequence ?? 0;
