import { useQuery } from '@tanstack/react-query';
import { answerOf } from '#client/client.ts';
import { api } from '../system/api.ts';

/** The state of the system, asked for each second; the server makes one picture for all pages. */

const everyMs = 1_000;

const projections = (signal: AbortSignal) =>
  answerOf(api().queries.GET('/v1/ops/projections', { signal }));
const lanes = (signal: AbortSignal) => answerOf(api().queries.GET('/v1/ops/lanes', { signal }));
const reactors = (signal: AbortSignal) =>
  answerOf(api().queries.GET('/v1/ops/reactors', { signal }));
const readers = (signal: AbortSignal) => answerOf(api().queries.GET('/v1/ops/readers', { signal }));

export type Projections = Awaited<ReturnType<typeof projections>>;
export type Projection = Projections['items'][number];
export type AsOf = Projections['asOfs'][number];
export type Lanes = Awaited<ReturnType<typeof lanes>>;
export type Lane = Lanes['items'][number];
export type Reactors = Awaited<ReturnType<typeof reactors>>;
export type Reactor = Reactors['items'][number];
export type Readers = Awaited<ReturnType<typeof readers>>;
export type Reader = Readers['items'][number];

export const useProjections = () =>
  useQuery({
    queryKey: ['ops', 'projections'],
    refetchInterval: everyMs,
    queryFn: ({ signal }) => projections(signal),
  });

export const useLanes = () =>
  useQuery({
    queryKey: ['ops', 'lanes'],
    refetchInterval: everyMs,
    queryFn: ({ signal }) => lanes(signal),
  });

export const useReactors = () =>
  useQuery({
    queryKey: ['ops', 'reactors'],
    refetchInterval: everyMs,
    queryFn: ({ signal }) => reactors(signal),
  });

export const useReaders = () =>
  useQuery({
    queryKey: ['ops', 'readers'],
    refetchInterval: everyMs,
    queryFn: ({ signal }) => readers(signal),
  });
