// Generated from the .avsc files. Do not edit.
import type { Event, Millis, PersonalText } from '@event-sourced/kernel/event';

/** A movie entered the catalogue. */
export type MovieAdded = {
  movieId: string;
  title: string;
  genres: string[];
  description: string;
  director: string;
  actors: string[];
  year: number;
  runtimeMinutes: number;
  rating: number;
  ratingVotes: number;
  revenueMillions: null | number;
  metascore: null | number;
  imdbId: null | string;
  tmdbId: null | number;
  addedAt: Millis;
};

/** A movie has new details; all of them, not only what changed. */
export type MovieDetailsChanged = {
  movieId: string;
  title: string;
  genres: string[];
  description: string;
  director: string;
  actors: string[];
  year: number;
  runtimeMinutes: number;
  rating: number;
  ratingVotes: number;
  revenueMillions: null | number;
  metascore: null | number;
  imdbId: null | string;
  tmdbId: null | number;
  changedAt: Millis;
};

/** A movie left the catalogue. It keeps its votes and plays, and takes no new ones. */
export type MovieRetired = {
  movieId: string;
  retiredAt: Millis;
};

/** The replay worker has done what an operator wanted, or could not. */
export type ActEnded = {
  jobId: string;
  succeeded: boolean;
  outcome: string;
  endedAt: Millis;
};

/** An operator wants something done with views or dead letters; the replay worker does it. */
export type ActRequested = {
  jobId: string;
  act: string;
  input: string;
  requestedAt: Millis;
};

/** An operator wants a job cancelled. The replay worker stops it; ActEnded says what came of it. */
export type CancelRequested = {
  jobId: string;
  reason: null | string;
  requestedAt: Millis;
};

/** A person wants to be forgotten: the key of their text is destroyed, for good. */
export type PersonErased = {
  userId: string;
  keyId: null | string;
  erasedAt: Millis;
};

/** From now on, text about a person is encrypted with this key. */
export type PersonKeyMade = {
  userId: string;
  keyId: string;
  madeAt: Millis;
};

/** A user likes or dislikes a movie. It carries the vote it replaces, so a count needs no look-up. */
export type VoteCast = {
  movieId: string;
  userId: string;
  vote: 'like' | 'dislike';
  previous: 'none' | 'like' | 'dislike';
  previousCastAt: null | Millis;
  castAt: Millis;
  changedAt: null | Millis;
};

/** A user took a vote back. */
export type VoteRetracted = {
  movieId: string;
  userId: string;
  previous: 'like' | 'dislike';
  previousCastAt: Millis;
  retractedAt: Millis;
};

/** A user watched a movie, once more if it is not the first time. */
export type MovieWatched = {
  userId: string;
  movieId: string;
  playId: string;
  watchedAt: Millis;
  recordedAt: Millis;
  batch: null | string;
};

/** The time of a reminder has come. The reminder stays. */
export type ReminderDue = {
  userId: string;
  movieId: string;
  remindAt: Millis;
  dueAt: Millis;
};

/** A reminder is gone: its user took it back, or watched the movie. */
export type ReminderRemoved = {
  userId: string;
  movieId: string;
  reason: 'removed' | 'watched';
  removedAt: Millis;
  changedAt: null | Millis;
};

/** A user wants to see a movie, and be told of it at a time if there is one. It replaces the reminder that stood. */
export type ReminderSet = {
  userId: string;
  movieId: string;
  note: null | PersonalText;
  remindAt: null | Millis;
  setAt: Millis;
  changedAt: null | Millis;
  batch: null | string;
};

/** A user took a play back. */
export type WatchRemoved = {
  userId: string;
  movieId: string;
  playId: string;
  watchedAt: Millis;
  removedAt: Millis;
};

/** Technical support takes a ticket on, under an order number that no other ticket has. */
export type ServiceOrderCreated = {
  ticketId: string;
  orderNumber: string;
  createdAt: Millis;
};

/** Nobody expects more of a ticket. */
export type TicketClosed = {
  ticketId: string;
  by: string;
  message: null | PersonalText;
  closedAt: Millis;
};

/** Its opener or support wrote to a ticket. */
export type TicketMessageAdded = {
  ticketId: string;
  by: string;
  message: PersonalText;
  addedAt: Millis;
};

/** A user asks for help. */
export type TicketOpened = {
  ticketId: string;
  userId: string;
  subject: PersonalText;
  message: PersonalText;
  movieId: null | string;
  priority: 'low' | 'normal' | 'high' | 'urgent';
  openedAt: Millis;
};

/** A resolved or closed ticket is open again. */
export type TicketReopened = {
  ticketId: string;
  by: string;
  message: null | PersonalText;
  reopenedAt: Millis;
};

/** Support has solved what a ticket asks for. */
export type TicketResolved = {
  ticketId: string;
  by: string;
  message: null | PersonalText;
  resolvedAt: Millis;
};

/** A user wants to be told of events at a URL. The first secret has the version 1. */
export type WebhookAdded = {
  webhookId: string;
  userId: string;
  url: string;
  events: string[];
  addedAt: Millis;
};

/** The webhook has another URL, or is told of other events. */
export type WebhookChanged = {
  webhookId: string;
  userId: string;
  url: string;
  events: string[];
  changedAt: Millis;
};

/** The webhook is told of no more events. */
export type WebhookDisabled = {
  webhookId: string;
  userId: string;
  reason: 'owner' | 'failing';
  disabledAt: Millis;
};

/** The webhook is told of events again, from now on. */
export type WebhookEnabled = {
  webhookId: string;
  userId: string;
  enabledAt: Millis;
};

/** The owner wants a delivery again. */
export type WebhookRedeliveryRequested = {
  webhookId: string;
  userId: string;
  deliveryId: string;
  requestedAt: Millis;
};

/** The webhook is no more. */
export type WebhookRemoved = {
  webhookId: string;
  userId: string;
  removedAt: Millis;
};

/** The webhook has a new secret; the last one is good for a day more. */
export type WebhookSecretRotated = {
  webhookId: string;
  userId: string;
  version: number;
  rotatedAt: Millis;
};

/** The owner wants a delivery without an event. */
export type WebhookTestRequested = {
  webhookId: string;
  userId: string;
  requestedAt: Millis;
};

export type MoviesEvent =
  | Event<'MovieAdded', MovieAdded>
  | Event<'MovieDetailsChanged', MovieDetailsChanged>
  | Event<'MovieRetired', MovieRetired>;

export type OperationsEvent =
  | Event<'ActEnded', ActEnded>
  | Event<'ActRequested', ActRequested>
  | Event<'CancelRequested', CancelRequested>;

export type PeopleEvent =
  | Event<'PersonErased', PersonErased>
  | Event<'PersonKeyMade', PersonKeyMade>;

export type RankingEvent =
  | Event<'VoteCast', VoteCast>
  | Event<'VoteRetracted', VoteRetracted>;

export type RemindersEvent =
  | Event<'MovieWatched', MovieWatched>
  | Event<'ReminderDue', ReminderDue>
  | Event<'ReminderRemoved', ReminderRemoved>
  | Event<'ReminderSet', ReminderSet>
  | Event<'WatchRemoved', WatchRemoved>;

export type SupportEvent =
  | Event<'ServiceOrderCreated', ServiceOrderCreated>
  | Event<'TicketClosed', TicketClosed>
  | Event<'TicketMessageAdded', TicketMessageAdded>
  | Event<'TicketOpened', TicketOpened>
  | Event<'TicketReopened', TicketReopened>
  | Event<'TicketResolved', TicketResolved>;

export type WebhooksEvent =
  | Event<'WebhookAdded', WebhookAdded>
  | Event<'WebhookChanged', WebhookChanged>
  | Event<'WebhookDisabled', WebhookDisabled>
  | Event<'WebhookEnabled', WebhookEnabled>
  | Event<'WebhookRedeliveryRequested', WebhookRedeliveryRequested>
  | Event<'WebhookRemoved', WebhookRemoved>
  | Event<'WebhookSecretRotated', WebhookSecretRotated>
  | Event<'WebhookTestRequested', WebhookTestRequested>;
