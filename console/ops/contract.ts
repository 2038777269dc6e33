import type { CommandComponents, Schemas } from '#client/client.ts';

/** The operators' answers, with their shapes. */

export type OpsEvent = Schemas['OperatorsEvent'];
export type StreamPage = CommandComponents['schemas']['StreamStates'];
export type StreamStep = StreamPage['items'][number];
export type Job = Schemas['Job'];
export type Page<T> = { items: T[]; count: number; next: string | null };

/** Where an event is in the log. */
export const placeOf = ({ topic, lane, offset }: Pick<OpsEvent, 'topic' | 'lane' | 'offset'>) =>
  `${topic}/${lane}/${offset}`;
