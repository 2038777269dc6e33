import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '#kernel/testing/until.ts';
import type { RoleName } from '#schemas/roles.ts';
import { ask } from '../../answers.ts';
import { damageRanking, sendPastTheApi } from '../harm.ts';

/** What happens before pictures are taken, so that no page is empty. */

export type Stage = {
  commandApi: string;
  queryApi: string;
  /** Those that harm is done by. */
  settings: Readonly<Record<string, string | undefined>>;
  sign(person: { user: string; roles: readonly RoleName[] }): Promise<string>;
};

type Person = { user: string; roles: readonly RoleName[] };
export const alice: Person = { user: 'alice', roles: ['viewer'] };
export const sam: Person = { user: 'sam', roles: ['support', 'viewer'] };
export const olga: Person = { user: 'olga', roles: ['operator'] };
const viewer = (number: number): Person => ({ user: `viewer-${number}`, roles: ['viewer'] });

/** A film of the catalogue that much happens to. */
const film = 'm81';
const crowd = 24;
const ranked = 120;

/** Places that pages of the pictures are about. */
export type Scenes = { film: string; ticketId: string; correlation: string; moment: number };

/** Sends a request as somebody; a command gets an idempotency key. @throws Error when refused. */
export async function send<Body>(stage: Stage, who: Person, route: string, body?: object) {
  const isRead = route.startsWith('GET ');
  const headers = {
    authorization: `Bearer ${await stage.sign(who)}`,
    ...(!isRead && { 'idempotency-key': randomUUID() }),
  };
  const asked = { headers, ...(body && { body }) };
  const answer = await ask<Body>(isRead ? stage.queryApi : stage.commandApi, route, asked);
  if (answer.status < 300) return answer.body;
  throw new Error(`${route}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

export async function playScenes(stage: Stage): Promise<Scenes> {
  await vote(stage);
  await keepLists(stage);
  const ticketId = await openTickets(stage);
  const { moment, correlation } = await keepThePast(stage, ticketId);
  await rebuildDamaged(stage);
  return { film, ticketId, correlation, moment };
}

/** The same votes at each run: of some films most people think well, of others few. */
async function vote(stage: Stage): Promise<void> {
  for (let number = 1; number <= crowd; number += 1) {
    const items = Array.from({ length: ranked }, (_, at) => at + 1)
      .filter((at) => (at * 7 + number * 11) % 5 < 2 || at <= 12)
      .map((at) => ({
        movieId: `m${at}`,
        vote: (at * 13 + number * number * 5) % 17 < 5 + (at % 11) ? 'like' : 'dislike',
      }));
    await send(stage, viewer(number), 'POST /v1/me/votes:batch', { items });
  }
  const own = `PUT /v1/movies/${film}/vote`;
  for (const wanted of ['like', 'dislike']) {
    await send(stage, alice, own, { vote: wanted });
    await send(stage, viewer(1), own, { vote: wanted });
  }
  await send(stage, alice, `DELETE /v1/movies/${film}/vote`);
  await send(stage, alice, own, { vote: 'like' });
}

async function keepLists(stage: Stage): Promise<void> {
  for (const movieId of ['m55', 'm100', 'm7', 'm37', 'm64']) {
    await send(stage, alice, `PUT /v1/movies/${movieId}/vote`, { vote: 'like' });
  }
  const inAWeek = new Date(Date.now() + 7 * 86_400_000).toISOString();
  const soon = new Date(Date.now() + 1_500).toISOString();
  const reminders = {
    m1: { remindAt: inAWeek, note: 'with the children' },
    m97: { note: 'on a rainy day' },
    m12: { remindAt: soon, note: 'it is on tonight' },
  };
  for (const [movieId, reminder] of Object.entries(reminders)) {
    await send(stage, alice, `PUT /v1/me/reminders/${movieId}`, reminder);
  }
  for (const movieId of ['m81', 'm55', 'm99', 'm3', 'm81']) {
    await send(stage, alice, `POST /v1/me/watched/${movieId}`, {});
  }
}

type Ticket = { serviceOrder: object | null };

/** @returns the ticket that much was written to. */
async function openTickets(stage: Stage): Promise<string> {
  const open = async (subject: string, message: string, movieId?: string) => {
    const body = { subject, message, ...(movieId && { movieId }) };
    return (await send<{ ticketId: string }>(stage, alice, 'POST /v1/tickets', body)).ticketId;
  };
  const ticketId = await open('No sound', 'The film is silent from the start.', film);
  const solved = await open('Which subtitles are there?', 'I looked for Portuguese.', 'm97');
  await open('My reminder came twice', 'Once at eight, and once at nine.');
  const read = `GET /v1/tickets/${ticketId}`;
  await until(
    async () => (await send<Ticket>(stage, alice, read).catch(() => null))?.serviceOrder != null,
  );
  const write = (who: Person, message: string) =>
    send(stage, who, `POST /v1/tickets/${ticketId}/messages`, { message });
  await write(sam, 'Does it have sound with headphones?');
  await write(alice, 'No, and other films do. It is the same on my phone.');
  await write(sam, 'Then it is the film’s own track. We encode it again tonight.');
  const message = 'There are English, German and Portuguese ones.';
  await send(stage, sam, `POST /v1/tickets/${solved}/resolve`, { message });
  return ticketId;
}

type Events = { items: { time: string; subject: string; correlationid: string }[] };

/** Keeps the views as of an event among those of the film. */
async function keepThePast(stage: Stage, ticketId: string) {
  const events = async (of: string) => {
    const route = `GET /v1/ops/events?${of}&limit=100`;
    return (await send<Events>(stage, olga, route)).items;
  };
  const past = await events(`movie=${film}`);
  // Who likes it then, and doesn't now.
  const moment = 1 + past.findIndex(({ subject }) => subject === `ranking/${film}/viewer-1`);
  const { time = '' } = past[moment - 1] ?? {};
  const name = `at-${time.replaceAll(/[^0-9TZ]/g, '')}`;
  await untilEnded(stage, 'as-of', { name, time, views: ['movies', 'rankings'] });
  const [opened] = await events(`ticket=${ticketId}`);
  return { moment, correlation: opened?.correlationid ?? '' };
}

/** A rebuild that finds a difference, a view that is the same, and an act that fails. */
async function rebuildDamaged(stage: Stage): Promise<void> {
  for (const movieId of ['m2', 'm9']) await damageRanking(stage.settings, movieId);
  const compared = { diff: true, serve: false };
  await untilEnded(stage, 'rebuild', { views: ['rankings'], ...compared });
  await untilEnded(stage, 'rebuild', { views: ['votes'], ...compared });
  await untilEnded(stage, 'switch', { view: 'tickets' });
}

type Job = { status: string; outcome: string | null };

async function untilEnded(stage: Stage, act: string, body: object): Promise<void> {
  const route = `POST /v1/ops/jobs/${act}`;
  const { jobId } = await send<{ jobId: string }>(stage, olga, route, body);
  await until(async () => {
    const job = await send<Job>(stage, olga, `GET /v1/ops/jobs/${jobId}`).catch(() => null);
    return job?.status === 'done' || job?.status === 'failed';
  });
}

/** Somebody votes all the time, so that operators' pages have something that moves. */
export async function keepVoting(stage: Stage, signal: AbortSignal): Promise<void> {
  for (let at = 0; !signal.aborted; at += 1) {
    const movieId = `m${(at % 12) + 1}`;
    const wanted = Math.floor(at / crowd) % 2 ? 'like' : 'dislike';
    const route = `PUT /v1/movies/${movieId}/vote`;
    // On a busy machine one may be refused; the next one moves the pages as well.
    await send(stage, viewer((at % crowd) + 1), route, { vote: wanted }).catch(() => {});
    await pause(400, undefined, { signal }).catch(() => {});
  }
}

/** An event that no view can fold lies among the dead letters. */
export async function makeTrouble(stage: Stage): Promise<void> {
  await sendPastTheApi(stage.settings);
  const read = 'GET /v1/ops/dead-letters';
  await until(async () => (await send<{ count: number }>(stage, olga, read)).count > 1);
}
