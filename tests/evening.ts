import { beforeAll, expect, it } from 'vitest';
import { answerOf, type MoviesClient } from '#client/client.ts';
import { until } from '#kernel/testing/until.ts';
import { up } from './answers.ts';
import { type Apis, clientOf } from './clients.ts';
import type { System } from './system.ts';

/**
 * A person's whole evening, through every service: searches, reminders, a film, votes and a ticket.
 * Everybody has the typed client, as an app would, and so sees their own changes without waiting
 * for them.
 */

/** Where the evening happens; it is asked for once the tests run. */
export type Evening = { system: System } & Apis;

type People = Record<'carol' | 'alice' | 'sam' | 'bob', MoviesClient>;

const amelie = { ...up, title: 'Amélie', genres: ['Romance'], year: 2001 };

const film = (movieId: string) => ({ params: { path: { movieId } } });

const titles = ({ items }: { items: { title: string }[] }) => items.map(({ title }) => title);

const nothing = { items: [], count: 0 };

/** Later reads of one show what the other has seen. */
function hears(one: MoviesClient, other: MoviesClient): void {
  for (const token of other.seen()) one.saw(token);
}

/** The tests of an evening. */
export function spendEvening(evening: () => Evening): void {
  const people = {} as People;
  beforeAll(async () => {
    const { system, ...apis } = evening();
    people.carol = await clientOf(system, apis, 'carol', 'catalogue');
    people.alice = await clientOf(system, apis, 'alice', 'viewer');
    people.sam = await clientOf(system, apis, 'sam', 'support');
    people.bob = await clientOf(system, apis, 'bob', 'viewer');
  });
  findFilms(people);
  watchFilms(people);
  askForHelp(people);
  goToBed(people);
}

function findFilms(people: People): void {
  it('begins with new films in the catalogue, which are found and ranked at once', async () => {
    const { carol, alice } = people;
    const add = (movieId: string, body: typeof up) =>
      carol.commands.PUT('/v1/movies/{movieId}', { ...film(movieId), body });
    await add('m1', up);
    await add('m2', { ...up, title: 'WALL·E', year: 2008, rating: 8.4 });
    await add('m3', amelie);
    hears(alice, carol);
    const { items } = await answerOf(alice.queries.GET('/v1/genres'));
    const genres = [
      ['Adventure', 2],
      ['Animation', 2],
      ['Romance', 1],
    ];
    expect(items.map(({ genre, movies }) => [genre, movies])).toEqual(genres);
    const animation = { params: { query: { genre: ['animation'] } } };
    const ranked = await answerOf(alice.queries.GET('/v1/rankings', animation));
    expect(titles(ranked)).toEqual(['WALL·E', 'Up']);
    const search = { params: { query: { q: 'wall-e' } } };
    expect(titles(await answerOf(alice.queries.GET('/v1/search', search)))).toEqual(['WALL·E']);
    const details = await answerOf(alice.queries.GET('/v1/movies/{movieId}', film('m1')));
    const me = { vote: null, version: null, reminder: null, plays: 0 };
    expect(details).toMatchObject({ title: 'Up', me });
  });
}

function watchFilms(people: People): void {
  it('goes on with a reminder, which watching the film clears', async () => {
    const { commands, queries } = people.alice;
    const reminders = () => answerOf(queries.GET('/v1/me/reminders'));
    const note = 'With Bob,\nafter dinner';
    await commands.PUT('/v1/me/reminders/{movieId}', {
      ...{ ...film('m1'), body: { note, remindAt: '2030-01-01T19:00:00.000Z' } },
    });
    expect((await reminders()).items).toMatchObject([{ movieId: 'm1', title: 'Up', note }]);
    const watched = await answerOf(
      commands.POST('/v1/me/watched/{movieId}', { ...film('m1'), body: {} }),
    );
    expect(watched.events).toEqual(['MovieWatched', 'ReminderRemoved']);
    expect(await reminders()).toMatchObject(nothing);
    const plays = await answerOf(queries.GET('/v1/me/watched'));
    expect(plays.items).toMatchObject([{ playId: watched.playId, movieId: 'm1', title: 'Up' }]);
    await commands.PUT('/v1/me/reminders/{movieId}', { ...film('m2'), body: {} });
    await commands.DELETE('/v1/me/reminders/{movieId}', film('m2'));
    expect(await reminders()).toMatchObject(nothing);
  });

  it('goes on with a vote, which changes the ranking, and a change of mind', async () => {
    const { commands, queries } = people.alice;
    const vote = (vote: 'like' | 'dislike') =>
      commands.PUT('/v1/movies/{movieId}/vote', { ...film('m1'), body: { vote } });
    const byLikes = { params: { query: { genre: ['animation'], by: 'likes' as const } } };
    const ranked = async () => titles(await answerOf(queries.GET('/v1/rankings', byLikes)));
    await vote('like');
    expect(await ranked()).toEqual(['Up', 'WALL·E']);
    await vote('dislike');
    expect(await ranked()).toEqual(['WALL·E', 'Up']);
    const details = await answerOf(queries.GET('/v1/movies/{movieId}', film('m1')));
    expect(details).toMatchObject({ dislikes: 1, me: { vote: 'dislike', version: 2, plays: 1 } });
    expect(details.ranks).toContainEqual({ genre: 'Animation', by: 'score', rank: 2 });
    const votes = () => answerOf(queries.GET('/v1/me/votes'));
    expect((await votes()).items).toMatchObject([{ vote: 'dislike' }]);
    await commands.DELETE('/v1/movies/{movieId}/vote', film('m1'));
    expect(await votes()).toMatchObject(nothing);
  });
}

function askForHelp(people: People): void {
  it('goes on with a ticket, which gets a service order and an answer from support', async () => {
    const { alice, sam, bob } = people;
    const body = { subject: 'No sound', message: 'Silent from the start.', movieId: 'm1' };
    const { ticketId = '' } = await answerOf(alice.commands.POST('/v1/tickets', { body }));
    const ticket = { params: { path: { ticketId } } };
    const shown = () => answerOf(alice.queries.GET('/v1/tickets/{ticketId}', ticket));
    const say = (message: string) => ({ ...ticket, body: { message } });
    expect(await shown()).toMatchObject({ status: 'open', openedBy: 'alice' });
    await until(async () => (await shown()).serviceOrder !== null);
    hears(sam, alice);
    const orders = await answerOf(sam.queries.GET('/v1/service-orders'));
    expect(orders.items).toMatchObject([{ ticketId }]);
    await alice.commands.POST('/v1/tickets/{ticketId}/messages', say('Still silent.'));
    await sam.commands.POST('/v1/tickets/{ticketId}/resolve', say('Turn it up.'));
    await alice.commands.POST('/v1/tickets/{ticketId}/reopen', say('It is up.'));
    await sam.commands.POST('/v1/tickets/{ticketId}/close', say('We refund it.'));
    hears(alice, sam);
    const { timeline, status } = await shown();
    expect(status).toBe('closed');
    const told = timeline.map(({ by, type, ...entry }) => [
      ...[by, type, 'message' in entry ? entry.message : ''],
    ]);
    expect(told).toEqual([
      ['alice', 'opened', body.message],
      ['technical-support', 'service-order', ''],
      ['alice', 'message', 'Still silent.'],
      ['sam', 'resolved', 'Turn it up.'],
      ['alice', 'reopened', 'It is up.'],
      ['sam', 'closed', 'We refund it.'],
    ]);
    const own = await answerOf(alice.queries.GET('/v1/me/tickets'));
    expect(own.items).toMatchObject([{ ticketId, status }]);
    const ofOthers = bob.queries.GET('/v1/tickets/{ticketId}', ticket);
    await expect(ofOthers).rejects.toMatchObject({ code: 'ticket-unknown' });
  });
}

function goToBed(people: People): void {
  it('ends with a film that is retired, and a play that is removed', async () => {
    const { carol, alice } = people;
    const { commands, queries } = alice;
    const watched = () => answerOf(queries.GET('/v1/me/watched'));
    const { playId } = (await watched()).items[0]!;
    const play = { params: { path: { movieId: 'm1', playId } } };
    await commands.DELETE('/v1/me/watched/{movieId}/{playId}', play);
    expect(await watched()).toMatchObject(nothing);
    const reminder = { ...film('m2'), body: { note: 'tomorrow' } };
    await commands.PUT('/v1/me/reminders/{movieId}', reminder);
    const better = { ...film('m3'), body: { ...amelie, rating: 8.2 } };
    await carol.commands.PUT('/v1/movies/{movieId}', better);
    await carol.commands.DELETE('/v1/movies/{movieId}', film('m2'));
    hears(alice, carol);
    expect(titles(await answerOf(queries.GET('/v1/movies')))).toEqual(['Amélie', 'Up']);
    const animation = { params: { query: { genre: ['animation'] } } };
    expect(titles(await answerOf(queries.GET('/v1/rankings', animation)))).toEqual(['Up']);
    const details = await answerOf(queries.GET('/v1/movies/{movieId}', film('m2')));
    expect(details).toMatchObject({ retired: true, ranks: [] });
    const { items } = await answerOf(queries.GET('/v1/me/reminders'));
    expect(items).toMatchObject([{ movieId: 'm2', retired: true, note: 'tomorrow' }]);
    const vote = { ...film('m2'), body: { vote: 'like' as const } };
    const late = commands.PUT('/v1/movies/{movieId}/vote', vote);
    await expect(late).rejects.toMatchObject({ code: 'movie-retired' });
  });
}
