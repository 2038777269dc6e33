import { examples } from '#schemas/support/examples.ts';

/** What the benchmark asks the query API for. */

export type MoviesToFill = { prefix: string; movies: number };
export type UsersToFill = { prefix: string; votes: number; reminders: number; plays: number };

/** Has as many votes as hardly anybody, all reminders and plays that one may have, and votes. */
export const heavyUser = 'heavy';

export const genres = [
  ...['Action', 'Adventure', 'Animation', 'Biography', 'Comedy', 'Crime', 'Drama', 'Family'],
  ...['Fantasy', 'History', 'Horror', 'Music', 'Musical', 'Mystery', 'Romance', 'Sci-Fi'],
  ...['Sport', 'Thriller', 'War', 'Western'],
];

export type Route = {
  name: string;
  path: string;
  /** One document, or a page of 20. */
  kind: 'details' | 'page';
  /** Who asks; nobody by default. */
  as?: 'voter' | 'heavy' | 'support';
};

const search = (what: string, text: string): Route[] => [
  { name: `search for ${what}`, path: `/v1/search?q=${encodeURIComponent(text)}`, kind: 'page' },
  { name: `movies by ${what}`, path: `/v1/movies?q=${encodeURIComponent(text)}`, kind: 'page' },
];
const letters = 'あいうえおかきくけこさしすせそたちつてと';
const first = 'ba ce di fo gu ha ki lo mu ne pa ri so tu va we xi yo za el'.split(' ');

const ticket = `/v1/tickets/${examples.TicketOpened.data.ticketId}`;

const ofHeavy = (name: string, path: string): Route => ({
  ...{ name: `${name} of very many`, path: `/v1/me/${path}`, kind: 'page', as: 'heavy' },
});

/**
 * Reads of viewers and of support: one movie, lists by each of their filters and some of their
 * sorts, the searches that take longest, and the lists of a user who has very many items. Not
 * among them: exports, whole catalogues, and operators' reads.
 */
export const routes: readonly Route[] = [
  { name: 'movie', path: '/v1/movies/m1', kind: 'details' },
  { name: 'movie with me', path: '/v1/movies/m1', kind: 'details', as: 'voter' },
  { name: 'movies', path: '/v1/movies', kind: 'page' },
  { name: 'movies with me', path: '/v1/movies', kind: 'page', as: 'voter' },
  { name: 'movies by ids', path: '/v1/movies?ids=m1,m2,m3,m4,m5', kind: 'page' },
  { name: 'movies by votes', path: '/v1/movies?sort=-ratingVotes', kind: 'page' },
  { name: 'movies by revenue', path: '/v1/movies?sort=revenue', kind: 'page' },
  { name: 'movies by metascore', path: '/v1/movies?sort=-metascore', kind: 'page' },
  { name: 'movies by runtime', path: '/v1/movies?sort=runtime', kind: 'page' },
  { name: 'movies of a genre', path: '/v1/movies?genre=Drama&sort=-rating', kind: 'page' },
  { name: 'movies of years', path: '/v1/movies?year=2010-2016&rating=7-', kind: 'page' },
  { name: 'movies of a director', path: '/v1/movies?director=ba', kind: 'page' },
  { name: 'movies with an actor', path: '/v1/movies?actor=fo', kind: 'page' },
  { name: 'movies by words', path: '/v1/movies?q=bace', kind: 'page' },
  { name: 'search for one letter', path: '/v1/search?q=a', kind: 'page' },
  { name: 'search for words', path: '/v1/search?q=bace%20di', kind: 'page' },
  ...search('twenty words', first.join(' ')),
  ...search('twenty parts of a word', first.join('-')),
  ...search('twenty typos', first.map((word, at) => `${word}${first.at(-at)}qx`).join(' ')),
  ...search('200 characters', 'bacedi'.repeat(34).slice(0, 200)),
  ...search('200 letters of a script without spaces', letters.repeat(10)),
  { name: 'genres', path: '/v1/genres', kind: 'page' },
  { name: 'rankings', path: '/v1/rankings', kind: 'page' },
  { name: 'rankings of a genre', path: '/v1/rankings?genre=Drama&by=likes', kind: 'page' },
  { name: 'my votes', path: '/v1/me/votes', kind: 'page', as: 'voter' },
  { name: 'my votes by title', path: '/v1/me/votes?sort=title', kind: 'page', as: 'voter' },
  { name: 'my votes of a genre', path: '/v1/me/votes?genre=Drama', kind: 'page', as: 'voter' },
  { name: 'my reminders', path: '/v1/me/reminders', kind: 'page', as: 'voter' },
  { name: 'my plays', path: '/v1/me/watched', kind: 'page', as: 'voter' },
  { name: 'my stats', path: '/v1/me/stats', kind: 'page', as: 'voter' },
  { name: 'my recommendations', path: '/v1/me/recommendations', kind: 'page', as: 'voter' },
  { name: 'my notifications', path: '/v1/me/notifications', kind: 'page', as: 'voter' },
  ofHeavy('my votes', 'votes'),
  ofHeavy('my votes by title', 'votes?sort=title'),
  ofHeavy('my votes of a genre', 'votes?genre=Drama&sort=-year'),
  ofHeavy('my reminders', 'reminders'),
  ofHeavy('my reminders by title', 'reminders?sort=-title'),
  ofHeavy('my reminders by their time', 'reminders?sort=remindAt'),
  ofHeavy('my plays', 'watched'),
  ofHeavy('my plays by year', 'watched?sort=year'),
  ofHeavy('my plays of a genre', 'watched?genre=Drama'),
  ofHeavy('my stats', 'stats'),
  ofHeavy('my recommendations', 'recommendations'),
  ofHeavy('my changes', 'changes'),
  { name: 'my changes', path: '/v1/me/changes', kind: 'page', as: 'voter' },
  { name: 'my tickets', path: '/v1/me/tickets', kind: 'page', as: 'voter' },
  { name: 'catalogue changes', path: '/v1/catalogue/changes', kind: 'page' },
  { name: 'ticket', path: ticket, kind: 'details', as: 'support' },
  { name: 'timeline of a ticket', path: `${ticket}/timeline`, kind: 'page', as: 'support' },
  { name: 'tickets', path: '/v1/tickets', kind: 'page', as: 'support' },
  { name: 'service orders', path: '/v1/service-orders', kind: 'page', as: 'support' },
];
