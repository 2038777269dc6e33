import { z } from 'zod';
import type { Config } from '#schemas/config.ts';
import type { TourStop } from '../../system/screen.ts';
import { localUrl } from '../../system/service.ts';

/** The first two films of this genre are so close that one vote changes their order. */
const tourGenre = 'Thriller';

// The services' answers don't end with a line break; -w adds one.
const curl = `curl -sw '\\n'`;
const json = `-H 'Content-Type: application/json'`;
const alice = `-H "Authorization: Bearer $ALICE"`;
const seen = `-H "Consistency-Token: $SEEN"`;

/** Takes one field out of a JSON answer with sed, which every machine has. */
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

const Ranking = z.object({ items: z.array(z.object({ movieId: z.string() })) });

/** The second film of the tour's genre: one vote makes it the first. */
export async function runnerUp(config: Config): Promise<string> {
  const url = `${localUrl(config.queryApiPort)}/v1/rankings?genre=${tourGenre}&limit=2`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) })
    .then((response) => response.json())
    .catch(() => undefined);
  return Ranking.safeParse(answer).data?.items.at(-1)?.movieId ?? 'm1';
}
