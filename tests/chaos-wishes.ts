import { randomUUID } from 'node:crypto';
import type { Command } from '#kernel/aggregate.ts';
import type { Caller } from '#kernel/auth/tokens.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import type { RoleName } from '#schemas/roles.ts';
import { commands } from '../command-api/commands.ts';

/** Random requests of clients: commands of every context, on streams that the clients share. */

export const pick = <T>(random: () => number, from: readonly T[]): T =>
  from[Math.floor(random() * from.length)] as T;

/** A command as a request, which can be sent again with the same key. */
export type Wish = {
  user: string;
  command: string;
  /** The input as the command parses it. */
  input: object;
  /** `topic/id`. */
  stream: string;
  lane: number;
  method: string;
  path: string;
  body: object | null;
  /** Null if the node has to make a key. */
  key: string | null;
  ifMatch: number | null;
};

/** The state from which a client makes requests. Clients share movies and tickets. */
export type Wisher = {
  random: () => number;
  user: string;
  lanes: number;
  movies: readonly string[];
  /** Tickets that any client opened, oldest first. */
  tickets: readonly string[];
  /** Plays that this client's user recorded. */
  plays: readonly Play[];
  versions: ReadonlyMap<string, number>;
};
export type Play = { movieId: string; playId: string };

/** Every client has the roles for all commands. */
export const roles: readonly RoleName[] = ['viewer', 'support', 'catalogue'];
export const callerOf = (userId: string): Caller => ({ userId, roles: new Set(roles) });

const byName = new Map(commands.map((command) => [command.name, command as Command]));
export const commandNamed = (name: string): Command => byName.get(name) as Command;

/** Movies that clients may retire; all others stay. */
export const isMortal = (movieId: string) => movieId.startsWith('mortal-');
const recentTickets = 60;
const dayMs = 86_400_000;

export const movieBody = (movie: string, edition: number) => ({
  ...{ title: `${movie}, edition ${edition}`, genres: ['Drama'], description: 'A film.' },
  ...{ director: 'Ann Lee', actors: ['Bo Ek'], year: 2010, runtimeMinutes: 100 },
  ...{ rating: 7, ratingVotes: 1_000, revenueMillions: null, metascore: null },
});

type Input = Record<string, unknown>;
type Inputs = (wisher: Wisher) => Input | null;

const movieOf = ({ random, movies }: Wisher) => ({ movieId: pick(random, movies) });
const ticketOf = ({ random, tickets }: Wisher) =>
  tickets.length > 0 ? { ticketId: pick(random, tickets.slice(-recentTickets)) } : null;
const withMessage: Inputs = (wisher) => {
  const ticket = ticketOf(wisher);
  return ticket && { ...ticket, ...(wisher.random() < 0.5 && { message: 'It is so still.' }) };
};

/** Each command's weight, name and random input; null if no input is possible yet. */
const wishes: [number, string, Inputs][] = [
  [
    26,
    'vote',
    (wisher) => ({ ...movieOf(wisher), vote: wisher.random() < 0.5 ? 'like' : 'dislike' }),
  ],
  [10, 'retract-vote', movieOf],
  [
    8,
    'put-movie',
    (wisher) => {
      const { movieId } = movieOf(wisher);
      return { movieId, ...movieBody(movieId, Math.floor(wisher.random() * 20)) };
    },
  ],
  [
    0.5,
    'retire-movie',
    ({ random, movies }) => ({ movieId: pick(random, movies.filter(isMortal)) }),
  ],
  [
    12,
    'remind',
    (wisher) => ({
      ...movieOf(wisher),
      ...(wisher.random() < 0.5 && { note: `Note ${Math.floor(wisher.random() * 3)}` }),
    }),
  ],
  [6, 'remove-reminder', movieOf],
  [
    8,
    'mark-watched',
    (wisher) => {
      const watchedAt = new Date(Math.floor(wisher.random() * 20) * dayMs).toISOString();
      return { ...movieOf(wisher), watchedAt };
    },
  ],
  [4, 'remove-watched', ({ random, plays }) => (plays.length > 0 ? pick(random, plays) : null)],
  [
    5,
    'open-ticket',
    (wisher) => ({
      ...{ subject: 'No sound', message: 'Silent\n\tfrom the start.' },
      ...(wisher.random() < 0.5 && movieOf(wisher)),
    }),
  ],
  [
    6,
    'add-ticket-message',
    (wisher) => {
      const ticket = ticketOf(wisher);
      return ticket && { ...ticket, message: 'Nothing to hear.' };
    },
  ],
  [4, 'resolve-ticket', withMessage],
  [3, 'close-ticket', withMessage],
  [4, 'reopen-ticket', withMessage],
  [2, 'create-service-order', ticketOf],
];

const total = wishes.reduce((sum, [weight]) => sum + weight, 0);

/** A new request of a random command. */
export function aWish(wisher: Wisher): Wish {
  let at = wisher.random() * total;
  const [, name, inputs] = wishes.find(([weight]) => {
    at -= weight;
    return at < 0;
  }) as (typeof wishes)[number];
  const input = inputs(wisher);
  return input ? wished(name, input, wisher) : aWish(wisher);
}

/** A command as an HTTP request: fields that the route doesn't have go into the body. */
export function wished(
  name: string,
  given: Input,
  { random, user, lanes, versions }: Omit<Wisher, 'movies' | 'tickets' | 'plays'>,
): Wish {
  const command = commandNamed(name);
  const [method = '', route = ''] = (command.route as string).split(' ');
  const body = { ...given };
  const path = route.replaceAll(/:(\w+)/g, (_, field: string) => {
    delete body[field];
    return String(given[field]);
  });
  const key = method === 'POST' || random() < 0.6 ? randomUUID() : null;
  const input = command.input.parse(given) as object;
  const { key: laneKey, id } = command.stream(input, callerOf(user), key ?? '');
  const stream = `${command.aggregate.topic}/${id}`;
  const known = name === 'put-movie' && random() < 0.5 ? versions.get(stream) : undefined;
  return {
    ...{ user, command: name, input, stream, lane: laneOf(laneKey, lanes), method, path, key },
    body: method === 'DELETE' ? null : body,
    ifMatch: known ?? null,
  };
}
