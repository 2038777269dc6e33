import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import type { Service } from '../system.ts';
import { button, expectAccessible, openPage } from './browser.ts';
import { type Behaviour, openProvider } from './provider.ts';
import { type RunningConsole, startAgain } from './running-console.ts';

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
  /** Starts it again where it was, after it was killed. */
  restart: () => Promise<void>;
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
    const restart = async () => {
      service = await startAgain(running().system, service);
    };
    const parts = { provider: () => provider, service: () => service, restart, opened };
    const signing = { running, behaviour, ...parts };
    signInWell(signing);
    failAtProvider(signing);
    missLibrary(signing);
    killProvider(signing);
    killQueryApi(signing);
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

function killProvider({ provider, service, opened }: Signing): void {
  const atProvider = (page: Page) =>
    button(page, `Sign in at ${new URL(provider().issuer).host}`).click();

  it('tells that the provider has died, and leads there once it is back', async () => {
    const page = await opened();
    provider().close();
    await signIn(page);
    await told(page, `${provider().issuer} gives no answer.`);
    await expectAtFilm(page, service());
    await expectAccessible(page);
    await provider().reopen();
    await atProvider(page);
    await expectSignedIn(page, service());
  });

  it('tells that the provider has died once it had led back, and begins again', async () => {
    const page = await opened();
    await before(page, '**/console.json', async () => provider().close());
    await signIn(page);
    await told(page, `${provider().issuer} gives no answer.`);
    await expectAtFilm(page, service());
    await provider().reopen();
    await atProvider(page);
    await expectSignedIn(page, service());
  });
}

function killQueryApi({ provider, service, restart, opened }: Signing): void {
  const kill = () => service().end('SIGKILL');

  it('ends a sign-in when its page is loaded again, if query-api died meanwhile', async () => {
    const page = await opened();
    await before(page, `${provider().issuer}/authorize?**`, kill);
    await signIn(page);
    // Nobody but the browser can tell that there is no page.
    await until(() => page.url().startsWith('chrome-error:'));
    await restart();
    await page.reload();
    await expectSignedIn(page, service());
  });

  it('ends a sign-in by itself, if query-api died before its page was all there', async () => {
    const page = await opened();
    await before(page, '**/console.json', async () => {
      await page.waitForLoadState('domcontentloaded');
      await kill();
    });
    await signIn(page);
    const says = `${service().url} gives no answer. The console asks again each second`;
    await page.getByRole('alert').getByText(says).waitFor();
    await expectAccessible(page);
    await restart();
    await expectSignedIn(page, service());
  });

  it('ends a sign-in that is tried again, if query-api died before its code came', async () => {
    const page = await opened();
    // It was fetched once already, to lead to the provider.
    const authorize = `${provider().issuer}/authorize?**`;
    await before(page, authorize, () => before(page, library, kill));
    await signIn(page);
    await told(page, 'The code for signing in couldn’t be fetched.');
    await restart();
    await button(page, 'Try again').click();
    await expectSignedIn(page, service());
  });
}

/** Does something before the first request of this kind goes on its way. */
const before = (page: Page, address: string, work: () => Promise<unknown>) =>
  page.route(
    address,
    async (route) => {
      await work();
      await route.continue();
    },
    { times: 1 },
  );

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
