import { eventId, type Meta } from '@event-sourced/kernel/event';

/** The times and the `meta` of the contexts' example events. */

export const added = Date.parse('2026-03-01T09:00:00.000Z');
export const alicesFirst = Date.parse('2026-03-02T18:30:00.250Z');
export const alicesSecond = Date.parse('2026-03-05T20:15:42.125Z');
export const later = Date.parse('2026-03-09T07:45:00.001Z');

/** @param subject the stream. */
export const metaOf = (subject: string, sequence: number, time: number, actor: string): Meta => ({
  id: eventId(subject, sequence),
  source: 'command-api',
  subject,
  time,
  sequence,
  correlationid: '7d1f9f0e-52a1-4d57-9a4c-3a0f5d0c8e21',
  causationid: null,
  actor,
  commandid: '0b6a4f37-8f0a-5f3e-8b34-5f2f0f1f6c0d',
  requesthash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
});
