import { UnreachableError } from '#client/client.ts';

/** What query-api tells the page about the system: `GET console.json`. */
export type Settings = {
  /** The API's base URL, as that of the query API without a slash at its end. */
  commandApi: string;
  oidc: { issuer: string; clientId: string; scope: string; origins: readonly string[] } | null;
  demoUsers: readonly DemoUser[];
};

export type DemoUser = { user: string; roles: readonly string[]; token: string };

/** The folder that the page is in: the query API's base URL, also behind a proxy's path. */
export const pageUrl = new URL('.', window.location.href.replace(/[?#].*$/, ''));
export const queryApi = pageUrl.href.replace(/\/$/, '');

export async function loadSettings(): Promise<Settings> {
  const { href: url } = new URL('console.json', pageUrl);
  const response = await fetch(url).catch((cause: unknown) => {
    throw new UnreachableError(url, cause);
  });
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  const settings = (await response.json()) as Settings;
  const { href } = new URL(settings.commandApi, pageUrl);
  return { ...settings, commandApi: href.replace(/\/$/, '') };
}

const everyMs = 1_000;

/** Resolves once query-api serves the console. */
export async function untilServed(): Promise<Settings> {
  for (;;) {
    const settings = await loadSettings().catch(() => null);
    if (settings) return settings;
    await new Promise((done) => setTimeout(done, everyMs));
  }
}
