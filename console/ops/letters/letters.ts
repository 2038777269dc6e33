import { answerOf } from '#client/client.ts';
import { api } from '../../system/api.ts';

/** Dead letters, as a query finds them. */
export const readLetters = (query: Record<string, string | number>, signal: AbortSignal) =>
  answerOf(api().queries.GET('/v1/ops/dead-letters', { params: { query }, signal }));

export type Letters = Awaited<ReturnType<typeof readLetters>>;
export type Letter = Letters['items'][number];
