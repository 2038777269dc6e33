import { signToken } from '#kernel/auth/tokens.ts';
import { buildConsole } from '../../console/build.ts';
import type { Filling } from '../projections/fill.ts';
import { startCommands } from '../queries/commands.ts';
import type { MoviesToFill } from '../queries/routes.ts';
import { progress, type Rig } from '../rig.ts';

/** The system whose console is measured: with movies, votes, and more votes all the time. */

export type Amounts = { movies: number; votesBefore: number; votesPerSecond: number };

const prefix = 'console.';
const builtWithinMs = 600_000;

export async function startSystem(rig: Rig, { movies, votesBefore, votesPerSecond }: Amounts) {
  await buildConsole();
  await rig.deploy(prefix);
  await progress.step(`Append ${movies} movies and ${votesBefore} votes`, async () => {
    const toFill: MoviesToFill = { prefix, movies };
    await rig.run('bench/queries/fill-movies.ts', [JSON.stringify(toFill)]);
    const filling: Filling = { prefix, count: votesBefore, part: 0, parts: 1 };
    await rig.run('bench/projections/fill.ts', [JSON.stringify(filling)]);
  });
  const secret = rig.settings.AUTH_SECRET!;
  const people = [
    { user: 'alice', roles: ['viewer'] },
    { user: 'olga', roles: ['operator'] },
  ];
  const demoUsers = people.map(async (one) => ({
    ...one,
    token: await signToken({ ...one, secret, ttlSeconds: 36_000 }),
  }));
  const settings = { TOPIC_PREFIX: prefix, MONGO_DATABASE: 'console' };
  return progress.step('Start the services, and build the views', async () => {
    const projectors = await rig.start('projectors/main.ts', settings, builtWithinMs);
    const commandApi = await rig.start('command-api/main.ts', settings, builtWithinMs);
    const shown = {
      CONSOLE_COMMAND_API: commandApi.url,
      CONSOLE_DEMO_USERS: JSON.stringify(await Promise.all(demoUsers)),
    };
    const queryApi = await rig.start('query-api/main.ts', { ...settings, ...shown }, builtWithinMs);
    const sending = { url: commandApi.url, secret, perSecond: votesPerSecond, movies: 50 };
    const stopVotes = await startCommands(sending);
    return {
      url: queryApi.url,
      async stop() {
        await stopVotes();
        for (const server of [queryApi, commandApi, projectors]) await server.end();
      },
    };
  });
}
