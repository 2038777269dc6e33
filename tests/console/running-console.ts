import type { Browser, Page } from 'playwright-core';
import { until } from '#kernel/testing/until.ts';
import { demoUsers } from '#local-stack/commands/start/demo-users.ts';
import type { Endpoints } from '#local-stack/parts/endpoints.ts';
import type { RoleName } from '#schemas/roles.ts';
import { buildConsole } from '../../console/build.ts';
import { ask } from '../answers.ts';
import { type Service, type System, startSystem } from '../system.ts';
import { type Look, openBrowser, openPage, ownOrigins } from './browser.ts';

/** The whole system with its console, and a browser: one for all journeys, since it takes long. */

export type RunningConsole = {
  dist: string;
  system: System;
  browser: Browser;
  commandApi: Service;
  queryApi: Service;
  projectors: Service;
  reactors: Service;
  replayWorker: Service;
  /** Opens a page of the console, and waits for its heading. */
  open(page: Page, path?: string): Promise<void>;
  /** A new page, on which somebody is signed in. */
  as(user: string, path: string, look?: Look): ReturnType<typeof openPage>;
  /** Starts a service again that was ended, where it was. */
  restart(service: Restarted): Promise<void>;
  stop(): Promise<void>;
};

type Restarted = 'commandApi' | 'queryApi' | 'projectors' | 'reactors' | 'replayWorker';

export type TestFilm = { movieId: string; title: string; genres: string[] };

/** The crowd, which is fewer than a local system has. */
export const invented = ['viewer-1', 'viewer-2', 'viewer-3'];

export const people: { user: string; roles: RoleName[] }[] = [
  ...demoUsers,
  ...invented.map((user) => ({ user, roles: ['viewer' as const] })),
];

/** @param parts what it runs on; by default the parts that all test files share. */
export async function startConsole(
  films: readonly TestFilm[],
  parts?: Endpoints,
): Promise<RunningConsole> {
  const dist = await buildConsole();
  const system = await startSystem('console', parts);
  const commandApi = await system.start('command-api');
  const signed = people.map(async ({ user, roles }) => {
    const { authorization } = await system.as(user, ...roles);
    return { user, roles, token: authorization.replace('Bearer ', '') };
  });
  const settings = {
    CONSOLE_COMMAND_API: commandApi.url,
    CONSOLE_DEMO_USERS: JSON.stringify(await Promise.all(signed)),
  };
  const sending = { COMMAND_API_URL: commandApi.url };
  const [queryApi, browser, projectors, reactors, replayWorker] = await Promise.all([
    system.start('query-api', settings),
    openBrowser(),
    system.start('projectors'),
    system.start('reactors', sending),
    system.start('replay-worker', sending),
  ]);
  for (const { url } of [commandApi, queryApi]) ownOrigins.add(url);
  for (const film of films) await addFilm(system, commandApi, film);
  const running: RunningConsole = {
    ...{ dist, system, browser, commandApi, queryApi, projectors, reactors, replayWorker },
    async open(page, path = '') {
      // A page whose address differs after its # only wouldn't be loaded anew.
      await page.goto('about:blank');
      await page.goto(`${running.queryApi.url}/${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
    },
    async as(user, path, look) {
      const origin = running.queryApi.url;
      const { page } = await openPage(browser, { ...look, user: { name: user, origin } });
      await running.open(page, path);
      return { page };
    },
    async restart(service) {
      running[service] = await startAgain(system, running[service]);
    },
    async stop() {
      await browser.close();
      await system.stop();
    },
  };
  await until(async () => {
    const { body } = await ask<{ count: number }>(queryApi.url, 'GET /v1/rankings');
    return body.count === films.length;
  });
  return running;
}

/** Starts a service that has ended at the ports that it had. */
export function startAgain(system: System, ended: Service): Promise<Service> {
  const { name, more, url, operationsUrl } = ended;
  const setting = name.toUpperCase().replace('-', '_');
  const ports = {
    [`${setting}_PORT`]: new URL(url).port,
    [`${setting}_OPERATIONS_PORT`]: new URL(operationsUrl).port,
  };
  return system.start(name, { ...more, ...ports });
}

async function addFilm(system: System, { url }: Service, { movieId, ...film }: TestFilm) {
  const body = {
    ...{ ...film, description: 'A film.', director: 'Ada', actors: ['Bob'] },
    ...{ year: 2016, runtimeMinutes: 90, rating: 7, ratingVotes: 1_000 },
  };
  const headers = await system.as('carol', 'catalogue');
  await ask(url, `PUT /v1/movies/${movieId}`, { body, headers });
}
