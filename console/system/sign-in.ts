import { type Settings, untilServed } from './settings.ts';
import { Store } from './store.ts';

/** How people sign in at the OpenID provider, and what they are told if that fails. */

type Provider = NonNullable<Settings['oidc']>;

/** Why it failed, and how it goes on if that isn't by signing in once more. */
export type SignInFailure = { says: string; again: (() => Promise<void>) | null };

export const signInFailure = new Store<SignInFailure | null>(null);

/** Whether the provider has led back to this page, with a code or with a refusal. */
export const isLedBack = (): boolean => /[?&](code|error)=/.test(window.location.search);

export const beginSignIn = (provider: Provider): Promise<void> =>
  withLibrary((library) => library.beginSignIn(provider));

export const endSignIn = (provider: Provider): Promise<void> =>
  withLibrary((library) => library.endSignIn(provider));

/** Few need it, and it is a library of its own: it may not be there, as any other file. */
async function withLibrary(work: (library: Library) => Promise<void>): Promise<void> {
  signInFailure.set(null);
  const library = await import('./oidc.ts').catch(() => null);
  if (!library) {
    const says = 'The code for signing in couldn’t be fetched.';
    return signInFailure.set({ says, again: loadAnew });
  }
  await work(library).catch(({ message }: Error) =>
    signInFailure.set({ says: message, again: null }),
  );
}

type Library = typeof import('./oidc.ts');

/** Chromium asks once for a file while a page lives. What the provider has said stays till then. */
async function loadAnew(): Promise<void> {
  await untilServed();
  window.location.reload();
}
