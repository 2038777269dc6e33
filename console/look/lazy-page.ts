import { lazyRouteComponent } from '@tanstack/react-router';
import { loadSettings } from '../system/settings.ts';

const everyMs = 1_000;

/**
 * A page whose code is fetched once it is opened; if the server is away, when it is back. Chromium
 * keeps for as long as the page lives that a file could not be fetched, and an upgrade takes away
 * the files of the version that a tab has: the router then loads the page anew, once.
 */
export const lazyPage: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(() => load().catch(() => untilServed().then(load)), name);

async function untilServed(): Promise<void> {
  for (;;) {
    const isServed = await loadSettings().then(
      () => true,
      () => false,
    );
    if (isServed) return;
    await new Promise((done) => setTimeout(done, everyMs));
  }
}
