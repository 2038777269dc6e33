import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import type { Browser, Page } from 'playwright-core';
import { messageOf } from '#local-stack/base/problem.ts';
import { servicesOf } from '#local-stack/commands/services.ts';
import { pendingImportFile } from '#local-stack/commands/start/catalogue.ts';
import { demoOf } from '#local-stack/commands/start/demo.ts';
import { DataDir } from '#local-stack/system/data-dir.ts';
import { forgetData } from '#local-stack/system/forget-data.ts';
import { type RunningSystem, runSystem } from '#local-stack/system/run-system.ts';
import { localUrl } from '#local-stack/system/service.ts';
import { localSettings } from '#local-stack/system/settings.ts';
import { type Config, settings } from '#schemas/config.ts';
import { become, openBrowser, openPage } from '../browser.ts';
import { keepVoting, makeTrouble, playScenes, type Scenes, type Stage } from './scenes.ts';
import { type Shot, shotsOf, shotsOfTrouble, untilSettled } from './shots.ts';

/**
 * Takes pictures of each page of the console, on a system of its own in which enough has happened
 * that no page is empty.
 */

const root = join(import.meta.dirname, '..', '..', '..');
const folder = join(root, '.screenshots');

type Options = { docs?: true; only?: string };
const { docs, only = '' } = new Command('npm run screenshots --')
  .description(
    'Takes pictures of each page, light and dark, on a desktop, a wide screen and a phone.',
  )
  .option('--docs', 'only those of the README, into docs/')
  .option('--only <text>', 'only those whose names have this text')
  .parse()
  .opts<Options>();

const themes = ['light', 'dark'] as const;
const sizes = [
  { name: 'desktop', width: 1_280, height: 860 },
  { name: 'wide', width: 2_560, height: 1_440 },
  { name: 'phone', width: 390, height: 844 },
] as const;
/** A picture has as much of a page as people look at; lists of films go on for very long. */
const highest = 2_400;

/** The README's pictures, and which of the shots they show. */
const inDocs = {
  console: { shot: 'rankings', theme: 'light', height: 800 },
  'console-flow': { shot: 'flow', theme: 'dark', height: 1_000 },
  'console-rebuild': { shot: 'rebuild', theme: 'light', height: 1_000 },
  'console-time': { shot: 'time', theme: 'dark', height: 1_000 },
} as const;

async function open(page: Page, url: string, { user, path, act }: Shot): Promise<void> {
  if (page.url() === 'about:blank') await page.goto(url);
  await become(page, user);
  // A page whose address differs after its # only wouldn't be loaded anew.
  await page.goto('about:blank');
  await page.goto(`${url}/${path}`);
  await untilSettled(page);
  if (!act) return;
  await act(page);
  await untilSettled(page);
  await page.evaluate('window.scrollTo(0, 0)');
}

async function takeAll(browser: Browser, url: string, shots: readonly Shot[]): Promise<void> {
  const looks = sizes.flatMap((size) => themes.map((theme) => ({ ...size, theme })));
  await Promise.all(
    looks.map(async (look) => {
      const { page } = await openPage(browser, look);
      await page.goto(url);
      for (const shot of shots) {
        const picture = `${shot.name}-${look.theme}-${look.name}`;
        if (!picture.includes(only)) continue;
        await page.setViewportSize(look);
        await open(page, url, shot).catch((error: unknown) => {
          throw new Error(`${picture}: ${messageOf(error)}`);
        });
        const whole = await page.evaluate<number>('document.documentElement.scrollHeight');
        const height = Math.min(highest, Math.max(look.height, whole));
        await page.setViewportSize({ width: look.width, height });
        await pause(300);
        await page.screenshot({ path: join(folder, `${picture}.png`) });
      }
      await page.context().close();
    }),
  );
}

async function takeForDocs(browser: Browser, url: string, shots: readonly Shot[]): Promise<void> {
  for (const [name, { shot: wanted, theme, height }] of Object.entries(inDocs)) {
    const shot = shots.find((one) => one.name === wanted)!;
    const { page } = await openPage(browser, { theme, width: 1_280, height });
    await page.goto(url);
    await open(page, url, shot);
    const devtools = await page.context().newCDPSession(page);
    const asked = { format: 'webp', quality: 80 } as const;
    const { data } = await devtools.send('Page.captureScreenshot', asked);
    await writeFile(join(root, 'docs', `${name}.webp`), Buffer.from(data, 'base64'));
    await page.context().close();
  }
}

async function takePictures(config: Config, { env, sign, progress }: RunningSystem) {
  const url = localUrl(config.queryApiPort);
  const stage: Stage = {
    commandApi: localUrl(config.commandApiPort),
    queryApi: url,
    settings: { ...env, MONGO_DATABASE: config.mongoDatabase, TOPIC_PREFIX: config.topicPrefix },
    sign: (person) => sign!(person),
  };
  const scenes = await progress.step<Scenes>('Let something happen', () => playScenes(stage));
  const browser = await openBrowser();
  const over = new AbortController();
  const voting = keepVoting(stage, over.signal);
  const shots = shotsOf(scenes);
  if (docs) {
    await progress.step('Take the pictures', () => takeForDocs(browser, url, shots));
  } else {
    await progress.step('Take the pictures', () => takeAll(browser, url, shots));
    await makeTrouble(stage);
    await progress.step('Take those of trouble', () => takeAll(browser, url, shotsOfTrouble));
  }
  over.abort();
  await voting;
  await browser.close();
  progress.say(`The pictures are in ${docs ? 'docs/' : '.screenshots/'}`);
  return 0;
}

/** A system beside one that `npm start` runs: on free ports, with data of its own. */
async function ownSettings(): Promise<Config> {
  const apart = ['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'MONGO_URL', 'AUTH_JWKS_URL'];
  for (const name of apart) process.env[name] = '';
  for (const name of settings.names.filter((one) => one.endsWith('_PORT'))) {
    process.env[name] = '0';
  }
  const config = await localSettings(settings);
  return { ...config, dataDir: join(config.dataDir, 'screenshots') };
}

const config = await ownSettings();
await mkdir(folder, { recursive: true });
await forgetData(new DataDir(config.dataDir), [pendingImportFile]);
const { page: _, ...demo } = demoOf(config);
await runSystem({
  ...{ config, services: servicesOf(config), deploy: 'schemas/deploy.ts' },
  env: {
    COMMAND_API_URL: localUrl(config.commandApiPort),
    NODE_URL: localUrl(config.commandApiOperationsPort),
    RATE_LIMIT_PER_USER: '0',
    RATE_LIMIT_PER_ADDRESS: '0',
  },
  ...demo,
  work: (running) => takePictures(config, running),
});
