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
export type CommandRequest = {
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
export type ClientState = {
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
type Inputs = (client: ClientState) => Input | null;

const movieOf = ({ random, movies }: ClientState) => ({ movieId: pick(random, movies) });
const ticketOf = ({ random, tickets }: ClientState) =>
  tickets.length > 0 ? { ticketId: pick(random, tickets.slice(-recentTickets)) } : null;
const withMessage: Inputs = (client) => {
  const ticket = ticketOf(client);
  return ticket && { ...ticket, ...(client.random() < 0.5 && { message: 'It is so still.' }) };
};

/** Each command's weight, name and random input; null if no input is possible yet. */
const mix: [number, string, Inputs][] = [
  [
    26,
    'vote',
    (client) => ({ ...movieOf(client), vote: client.random() < 0.5 ? 'like' : 'dislike' }),
  ],
  [10, 'retract-vote', movieOf],
  [
    8,
    'put-movie',
    (client) => {
      const { movieId } = movieOf(client);
      return { movieId, ...movieBody(movieId, Math.floor(client.random() * 20)) };
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
    (client) => ({
      ...movieOf(client),
      ...(client.random() < 0.5 && { note: `Note ${Math.floor(client.random() * 3)}` }),
    }),
  ],
  [6, 'remove-reminder', movieOf],
  [
    8,
    'mark-watched',
    (client) => {
      const watchedAt = new Date(Math.floor(client.random() * 20) * dayMs).toISOString();
      return { ...movieOf(client), watchedAt };
    },
  ],
  [4, 'remove-watched', ({ random, plays }) => (plays.length > 0 ? pick(random, plays) : null)],
  [
    5,
    'open-ticket',
    (client) => ({
      ...{ subject: 'No sound', message: 'Silent\n\tfrom the start.' },
      ...(client.random() < 0.5 && movieOf(client)),
    }),
  ],
  [
    6,
    'add-ticket-message',
    (client) => {
      const ticket = ticketOf(client);
      return ticket && { ...ticket, message: 'Nothing to hear.' };
    },
  ],
  [4, 'resolve-ticket', withMessage],
  [3, 'close-ticket', withMessage],
  [4, 'reopen-ticket', withMessage],
  [2, 'create-service-order', ticketOf],
];

const total = mix.reduce((sum, [weight]) => sum + weight, 0);

/** A new request of a random command. */
export function randomRequest(client: ClientState): CommandRequest {
  let at = client.random() * total;
  const [, name, inputs] = mix.find(([weight]) => {
    at -= weight;
    return at < 0;
  }) as (typeof mix)[number];
  const input = inputs(client);
  return input ? requestOf(name, input, client) : randomRequest(client);
}

/** A command as an HTTP request: fields that the route doesn't have go into the body. */
export function requestOf(
  name: string,
  given: Input,
  { random, user, lanes, versions }: Omit<ClientState, 'movies' | 'tickets' | 'plays'>,
): CommandRequest {
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
