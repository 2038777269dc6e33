import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../system.ts';
import { button, expectAccessible, openPage } from './browser.ts';
import { type Behaviour, openProvider } from './provider.ts';
import type { RunningConsole } from './running-console.ts';

/** Signing in at an OpenID provider, also where the provider or a file is not as it should be. */

type Provider = Awaited<ReturnType<typeof openProvider>>;

/** A film's page, to which the provider's page has to lead back. */
const path = '#/movies/m2';

type Signing = {
  running: () => RunningConsole;
  behaviour: Behaviour;
  provider: () => Provider;
  /** The query API whose console knows the provider. */
  service: () => Service;
  /** A page of somebody who isn't signed in. */
  opened: (at?: string) => Promise<Page>;
};

export function signInJourneys(running: () => RunningConsole): void {
  describe('signing in at an OpenID provider', { timeout: 60_000 }, () => {
    const behaviour: Behaviour = {};
    let provider: Provider;
    let service: Service;
    beforeAll(async () => {
      const { authorization } = await running().system.as('ada', 'viewer');
      provider = await openProvider(authorization.replace('Bearer ', ''), behaviour);
      service = await startSigning(running(), provider);
    });
    afterEach(() => {
      for (const name of ['refuses', 'isApart', 'tokens'] as const) delete behaviour[name];
    });
    afterAll(async () => {
      await service?.end();
      provider?.close();
    });
    const opened = (at = `/${path}`) => openAt(running(), provider, `${service.url}${at}`);
    const signing = { provider: () => provider, service: () => service, opened };
    signInWell({ running, behaviour, ...signing });
    failAtProvider({ running, behaviour, ...signing });
    missLibrary({ running, behaviour, ...signing });
  });
}

function signInWell({ running, behaviour, provider, service, opened }: Signing): void {
  it('leads people back to their page', async () => {
    const page = await opened();
    await signIn(page);
    await expectSignedIn(page, service());
  });

  it('tells which origin of the provider the settings lack, and asks those they have', async () => {
    behaviour.isApart = true;
    const page = await opened();
    await signIn(page);
    const { elsewhere } = provider();
    await told(page, `The provider gives tokens at ${elsewhere}, where this console`);
    await told(page, 'CONSOLE_OIDC_ORIGINS');
    const apart = { CONSOLE_OIDC_ORIGINS: elsewhere };
    const other = await startSigning(running(), provider(), apart);
    const allowed = await openAt(running(), provider(), `${other.url}/${path}`);
    await signIn(allowed);
    await expectSignedIn(allowed, other);
    await other.end();
  });
}

function failAtProvider({ behaviour, provider, service, opened }: Signing): void {
  it('tells that the provider has refused it, and can be done again', async () => {
    behaviour.refuses = 'access_denied';
    const page = await opened();
    await signIn(page);
    await told(page, /The provider refuses it: access_denied: They said no\.$/);
    await expectAtFilm(page, service());
    await expectAccessible(page);
    delete behaviour.refuses;
    await button(page, `Sign in at ${new URL(provider().issuer).host}`).click();
    await expectSignedIn(page, service());
  });

  it.each<[NonNullable<Behaviour['tokens']>, () => string]>([
    ['refused', () => 'The provider refuses it: invalid_grant.'],
    ['none', () => `${provider().issuer} gives no answer.`],
  ])('tells of a token endpoint whose answer is %s', async (tokens, says) => {
    behaviour.tokens = tokens;
    const page = await opened();
    await signIn(page);
    await told(page, says());
    await expectAtFilm(page, service());
    await page.keyboard.press('Escape');
    delete behaviour.tokens;
    await signIn(page);
    await expectSignedIn(page, service());
  });

  it('believes no link that says so itself', async () => {
    const search = new URLSearchParams({ error: 'x', error_description: 'Call 555-0100.' });
    const page = await opened(`/?${search}${path}`);
    await told(page, 'This tab has begun no sign-in');
    expect(await page.getByRole('dialog').textContent()).not.toContain('555');
    await expectAtFilm(page, service());
  });
}

function missLibrary({ provider, service, opened }: Signing): void {
  it('tells that its code can’t be fetched, and goes on once that can be', async () => {
    const page = await opened();
    await page.route(library, (route) => route.abort());
    await signIn(page);
    await told(page, 'The code for signing in couldn’t be fetched.');
    await page.unroute(library);
    await button(page, 'Try again').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await signIn(page);
    await expectSignedIn(page, service());
  });

  it('ends a sign-in whose code can’t be fetched on the way back, once it can be', async () => {
    const page = await opened();
    await page.route(`${provider().issuer}/authorize?**`, async (route) => {
      await page.route(library, (file) => file.abort());
      await route.continue();
    });
    await signIn(page);
    await told(page, 'The code for signing in couldn’t be fetched.');
    await page.unroute(library);
    await button(page, 'Try again').click();
    await expectSignedIn(page, service());
  });
}

/** The file that has all of signing in. */
const library = '**/assets/oidc-*.js';

const startSigning = ({ system, commandApi }: RunningConsole, { issuer }: Provider, more = {}) =>
  system.start('query-api', {
    ...{ CONSOLE_COMMAND_API: commandApi.url, CONSOLE_OIDC_ISSUER: issuer },
    ...{ CONSOLE_OIDC_CLIENT_ID: 'console', ...more },
  });

async function openAt({ browser }: RunningConsole, provider: Provider, url: string) {
  const origins = [new URL(url).origin, provider.issuer, provider.elsewhere];
  const { page } = await openPage(browser, { origins });
  await page.goto(url);
  return page;
}

async function signIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: /^Sign in at/ }).click();
}

const told = (page: Page, says: string | RegExp) =>
  page
    .getByRole('dialog', { name: 'Who are you?' })
    .getByRole('alert')
    .filter({ hasText: 'You aren’t signed in.' })
    .getByText(says)
    .waitFor();

/** Neither a code nor a refusal is left in the address. */
async function expectAtFilm(page: Page, { url }: Service): Promise<void> {
  await page.getByRole('heading', { level: 1, name: 'Beta', includeHidden: true }).waitFor();
  expect(page.url()).toBe(`${url}/${path}`);
}

async function expectSignedIn(page: Page, signing: Service): Promise<void> {
  await page.getByRole('button', { name: 'You are ada' }).waitFor();
  await expectAtFilm(page, signing);
}
