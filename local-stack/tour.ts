import type { Config } from '#schemas/config.ts';
import { localUrl } from './services.ts';

/** Here the first two are so close that one vote changes who is first. */
export const tourGenre = 'Thriller';

/** One stop of the tour: what it shows, and lines for a shell that has the demo tokens. */
export type TourStop = { shows: string; lines: string[] };

// Answers end without a line break of their own.
const curl = `curl -sw '\\n'`;
const json = `-H 'Content-Type: application/json'`;
const alice = `-H "Authorization: Bearer $ALICE"`;
const seen = `-H "Consistency-Token: $SEEN"`;

/** Takes one field out of a JSON answer, without any tool that might be missing. */
const field = (name: string) => `sed -E 's/.*"${name}": ?"([^"]+)".*/\\1/'`;

/**
 * What `npm start` prints and the README shows: from a vote to the ranking, from a reminder to the
 * watched list, from a ticket to its service order, and a search.
 * @param movieId a film whose vote changes the ranking of its genre.
 */
export function tour(config: Config, movieId: string): TourStop[] {
  const queries = localUrl(config.queryApiPort);
  const commands = localUrl(config.commandApiPort);
  const ranking = `'${queries}/v1/rankings?genre=${tourGenre}&limit=3'`;
  const ticket = `{"subject":"No sound","message":"Silent from the start.","movieId":"m635"}`;
  return [
    {
      shows: 'What is there',
      lines: [`${curl} ${queries}/v1/genres`, `${curl} ${ranking}`],
    },
    {
      shows: 'A vote changes the ranking; its token makes the read wait for it',
      lines: [
        `SEEN=$(curl -sX PUT ${commands}/v1/movies/${movieId}/vote ${alice} ${json} \\
  -d '{"vote":"like"}' | ${field('token')})`,
        `${curl} ${seen} ${ranking}`,
      ],
    },
    {
      shows: 'Search forgives a slip and finds WALL·E however it is written',
      lines: [
        `${curl} '${queries}/v1/search?q=avengrs&limit=2'`,
        `${curl} '${queries}/v1/search?q=walle&limit=1'`,
      ],
    },
    {
      shows: 'Watching a film clears its reminder',
      lines: [
        `${curl} -X PUT ${commands}/v1/me/reminders/m635 ${alice} ${json} \\
  -d '{"note":"on a rainy day"}'`,
        `SEEN=$(curl -sX POST ${commands}/v1/me/watched/m635 ${alice} ${json} \\
  -H "Idempotency-Key: $(date +%s)" -d '{}' | ${field('token')})`,
        `${curl} ${alice} ${seen} ${queries}/v1/me/watched`,
        `${curl} ${alice} ${seen} ${queries}/v1/me/reminders`,
      ],
    },
    {
      shows: 'A ticket gets its service order from technical support',
      lines: [
        `TICKET=$(curl -sX POST ${commands}/v1/tickets ${alice} ${json} \\
  -H 'Idempotency-Key: no-sound' -d '${ticket}' | ${field('ticketId')})`,
        `sleep 1; ${curl} ${alice} ${queries}/v1/tickets/$TICKET`,
      ],
    },
  ];
}
