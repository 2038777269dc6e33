import { eventId, type Meta } from '#kernel/event.ts';
import { personalText } from '#kernel/personal-text.ts';
import type {
  MoviesEvent,
  RankingEvent,
  RemindersEvent,
  SupportEvent,
} from './generated/events.ts';

/** One realistic event of each type, for golden bytes and for whoever needs one in a test. */

const added = Date.parse('2026-03-01T09:00:00.000Z');
const alicesFirst = Date.parse('2026-03-02T18:30:00.250Z');
const alicesSecond = Date.parse('2026-03-05T20:15:42.125Z');
const later = Date.parse('2026-03-09T07:45:00.001Z');

const metaOf = (subject: string, sequence: number, time: number, actor: string): Meta => ({
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

const details = {
  movieId: 'm87',
  title: 'The Lantern Keeper',
  genres: ['Drama', 'Mystery'],
  description: 'A keeper of an old lighthouse – “the last one” – answers a light that isn’t hers.',
  director: 'Ida Håkansson',
  actors: ['Noé Berger', '小林 遥', 'Amara Okafor'],
  year: 2014,
  runtimeMinutes: 112,
  rating: 7.8,
  ratingVotes: 145_231,
  revenueMillions: 63.54,
  metascore: null,
};

const ticketId = '6f1c2d0e-9a4b-5c8d-8e7f-1a2b3c4d5e6f';
const ofTicket = (sequence: number, time: number, actor: string) =>
  metaOf(`support/${ticketId}`, sequence, time, actor);

const ofAlice = (sequence: number, time: number, actor = 'alice') =>
  metaOf('reminders/alice', sequence, time, actor);
const play = {
  movieId: 'm87',
  userId: 'alice',
  playId: '0d6f6a5e-4f0c-5a0e-9d0b-6a1f3c2b7d84',
  watchedAt: alicesSecond - 7_200_000,
};

type Example = MoviesEvent | RankingEvent | RemindersEvent | SupportEvent;

export const examples: { [Type in Example['type']]: Extract<Example, { type: Type }> } = {
  MovieAdded: {
    type: 'MovieAdded',
    meta: metaOf('m87', 1, added, 'scraper'),
    data: { ...details, addedAt: added },
  },
  MovieDetailsChanged: {
    type: 'MovieDetailsChanged',
    meta: metaOf('m87', 2, alicesFirst, 'scraper'),
    data: { ...details, revenueMillions: null, metascore: 81, changedAt: alicesFirst },
  },
  MovieRetired: {
    type: 'MovieRetired',
    meta: metaOf('m87', 3, later, 'scraper'),
    data: { movieId: 'm87', retiredAt: later },
  },
  VoteCast: {
    type: 'VoteCast',
    meta: { ...metaOf('m87/alice', 2, alicesSecond, 'alice'), causationid: eventId('m87', 1) },
    data: {
      movieId: 'm87',
      userId: 'alice',
      vote: 'dislike',
      previous: 'like',
      previousCastAt: alicesFirst,
      castAt: alicesSecond,
    },
  },
  VoteRetracted: {
    type: 'VoteRetracted',
    meta: metaOf('m87/alice', 3, later, 'alice'),
    data: {
      movieId: 'm87',
      userId: 'alice',
      previous: 'dislike',
      previousCastAt: alicesSecond,
      retractedAt: later,
    },
  },
  ReminderSet: {
    type: 'ReminderSet',
    meta: ofAlice(1, alicesFirst),
    data: {
      movieId: 'm87',
      userId: 'alice',
      note: personalText('With Noé, who liked “the last one”.\n\t– 灯台'),
      remindAt: alicesSecond,
      setAt: alicesFirst,
    },
  },
  ReminderDue: {
    type: 'ReminderDue',
    meta: ofAlice(2, alicesSecond + 12, 'reminder-clock'),
    data: { movieId: 'm87', userId: 'alice', remindAt: alicesSecond, dueAt: alicesSecond + 12 },
  },
  MovieWatched: {
    type: 'MovieWatched',
    meta: ofAlice(3, later),
    data: { ...play, recordedAt: later },
  },
  ReminderRemoved: {
    type: 'ReminderRemoved',
    meta: ofAlice(4, later),
    data: { movieId: 'm87', userId: 'alice', reason: 'watched', removedAt: later },
  },
  WatchRemoved: {
    type: 'WatchRemoved',
    meta: ofAlice(5, later + 60_000),
    data: { ...play, removedAt: later + 60_000 },
  },
  TicketOpened: {
    type: 'TicketOpened',
    meta: ofTicket(1, alicesFirst, 'alice'),
    data: {
      ticketId,
      userId: 'alice',
      subject: personalText('No sound after the storm'),
      message: personalText(
        'From 00:41:07 on there is no sound.\n\tHeadphones don’t help – 音がない.',
      ),
      movieId: 'm87',
      priority: 'high',
      openedAt: alicesFirst,
    },
  },
  ServiceOrderCreated: {
    type: 'ServiceOrderCreated',
    meta: {
      ...ofTicket(2, alicesFirst + 40, 'technical-support'),
      causationid: eventId(`support/${ticketId}`, 1),
    },
    data: { ticketId, orderNumber: 'SO-000123', createdAt: alicesFirst + 40 },
  },
  TicketMessageAdded: {
    type: 'TicketMessageAdded',
    meta: ofTicket(3, alicesSecond, 'alice'),
    data: {
      ticketId,
      by: 'alice',
      message: personalText('It is the same on my brother’s television.'),
      addedAt: alicesSecond,
    },
  },
  TicketResolved: {
    type: 'TicketResolved',
    meta: ofTicket(4, later, 'sam'),
    data: { ticketId, by: 'sam', message: personalText('Replaced the sound.'), resolvedAt: later },
  },
  TicketReopened: {
    type: 'TicketReopened',
    meta: ofTicket(5, later + 60_000, 'alice'),
    data: { ticketId, by: 'alice', message: null, reopenedAt: later + 60_000 },
  },
  TicketClosed: {
    type: 'TicketClosed',
    meta: ofTicket(6, later + 90_000, 'alice'),
    data: { ticketId, by: 'alice', message: null, closedAt: later + 90_000 },
  },
};
