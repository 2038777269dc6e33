import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { cached } from '#local-stack/base/cache.ts';
import { runOrFail } from '#local-stack/base/run.ts';

/** A real Chromium: that of CHROMIUM_PATH, the machine's own, or the one that a package has. */

const names = ['chromium', 'chromium-browser', 'google-chrome'];

function installed(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.flatMap((dir) => names.map((name) => join(dir, name))).find(existsSync);
}

/** The package unpacks its Chromium into TMPDIR. */
async function packaged(): Promise<string> {
  const dir = await cached('chromium-153.0.0', async (partial) => {
    const unpack = "await (await import('@sparticuz/chromium')).default.executablePath()";
    const env = { ...process.env, TMPDIR: partial };
    await runOrFail(process.execPath, ['--input-type=module', '-e', unpack], { env });
  });
  return join(dir, 'chromium');
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? installed() ?? (await packaged());
  const args = ['--no-sandbox', '--disable-gpu'];
  return chromium.launch({ executablePath, args }).catch((cause: Error) => {
    const [line = ''] = cause.message.split('\n');
    throw new Error(
      `No Chromium runs here (${line}): install one, such as by \`apt-get install chromium\` ` +
        'or let CHROMIUM_PATH name one',
      { cause },
    );
  });
}

export type Look = {
  theme?: 'light' | 'dark';
  width?: number;
  height?: number;
  motion?: 'reduce' | 'no-preference';
  timezone?: string;
  /** The demo user who is signed in at the console of this origin. */
  user?: { name: string; origin: string };
  /** Other origins that the page may send requests to, such as that of a provider. */
  origins?: readonly string[];
};

/** Where the console and its APIs are: pages may send requests to no other origin. */
export const ownOrigins = new Set<string>();

/** What browsers complained of on the pages of a test, and requests to elsewhere. */
const complaints: string[] = [];

/** @returns what there was since the last look. */
export const takeComplaints = (): string[] => complaints.splice(0);

/** Some of what the policy forbids stands in no console: the page itself hears of all of it. */
const tellViolations = `document.addEventListener('securitypolicyviolation', (violation) => {
  const { effectiveDirective, blockedURI, sourceFile, lineNumber } = violation;
  const where = [effectiveDirective, blockedURI, sourceFile, lineNumber].join(' ');
  console.error('Content Security Policy: ' + where);
});`;

/** What a browser keeps of who has been there. */
const remembering = ({ name, origin }: NonNullable<Look['user']>) => ({
  origin,
  localStorage: [{ name: 'console.user', value: name }],
});

export async function openPage(browser: Browser, look: Look = {}) {
  const { theme = 'light', width = 1_280, height = 800, motion = 'reduce' } = look;
  const { timezone, user, origins = [] } = look;
  const context = await browser.newContext({
    ...{ viewport: { width, height }, colorScheme: theme, reducedMotion: motion },
    ...(timezone && { timezoneId: timezone }),
    ...(user && { storageState: { cookies: [], origins: [remembering(user)] } }),
  });
  await context.addInitScript(tellViolations);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', ({ message }) => complaints.push(`${page.url()}: ${message}`));
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted ?Type/i.test(message.text())) {
      complaints.push(`${page.url()}: ${message.text()}`);
    }
  });
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol === 'data:' || protocol === 'blob:') return;
    if (!ownOrigins.has(origin) && !origins.includes(origin)) {
      complaints.push(`a request to ${request.url()}`);
    }
  });
  return { page };
}

/** What the newest command has come to. */
export const strip = (page: Page) =>
  page.getByRole('complementary', { name: 'What just happened' });

/** Is this demo user from the next page on. */
export const become = (page: Page, user: string) =>
  page.evaluate(`localStorage.setItem('console.user', '${user}')`);

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** The rules of axe whose result is another one in other colours, or at another width. */
const rulesOfLooks = [
  ...['color-contrast', 'link-in-text-block', 'target-size', 'scrollable-region-focusable'],
];
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Checks the page, with the dialog that is open on it, light and dark, as axe does: names, roles,
 * contrast AA and the like; or how it looks alone.
 */
export async function expectAccessible(page: Page, only?: 'looks'): Promise<void> {
  const isDark = await page.evaluate<boolean>(`matchMedia('(prefers-color-scheme: dark)').matches`);
  const [shown, other] = isDark ? (['dark', 'light'] as const) : (['light', 'dark'] as const);
  const axe = () => new AxeBuilder({ page });
  await expectNothing(page, shown, only ? axe().withRules(rulesOfLooks) : axe().withTags(tags));
  await turn(page, other);
  // Names and roles are the same in other colours.
  await expectNothing(page, other, axe().withRules(rulesOfLooks));
  await turn(page, shown);
}

async function expectNothing(page: Page, theme: string, axe: AxeBuilder): Promise<void> {
  const { violations } = await axe.analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
  expect(found, `${page.url()}, ${theme}`).toEqual([]);
}

/** Turns the page light or dark, and waits until it is drawn so: its colours may take a moment. */
async function turn(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.evaluate(twoFrames);
  await page.evaluate('Promise.allSettled(document.getAnimations().map((one) => one.finished))');
}

const twoFrames = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';

/** Keeps requests to an address waiting. @returns how to let them go on. */
export async function hold(
  page: Page,
  address: string,
  options?: { times: number },
): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(
    address,
    async (route) => {
      await promise;
      await route.continue();
    },
    options,
  );
  return resolve;
}

/** Answers of that address are taken, and given to the page later. */
export async function answerLate(page: Page, address: string) {
  const answered = Promise.withResolvers<void>();
  const { promise, resolve: deliver } = Promise.withResolvers<void>();
  await page.route(address, async (route) => {
    const response = await route.fetch();
    answered.resolve();
    await promise;
    await route.fulfill({ response });
  });
  return { answered: answered.promise, deliver };
}
