import { lazyRouteComponent } from '@tanstack/react-router';
import { untilServed } from '../system/settings.ts';

/**
 * A page whose code is fetched once it is opened; if the server is away, when it is back. Chromium
 * keeps for as long as the page lives that a file could not be fetched, and an upgrade takes away
 * the files of the version that a tab has: the router then loads the page anew, once.
 */
export const lazyPage: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(() => load().catch(() => untilServed().then(() => load())), name);
