import { lazyRouteComponent } from '@tanstack/react-router';
import { hasUnsent } from '../system/journal.ts';
import { untilServed } from '../system/settings.ts';

/**
 * A page whose code is fetched once it is opened; if the server is away, when it is back. Chromium
 * keeps for as long as the page lives that a file could not be fetched, and an upgrade takes away
 * the files of the version that a tab has: the router then loads the console anew, once. That
 * forgets what was done last, so it isn't done unasked while some of it can be sent again.
 */
export const lazyPage: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(async () => {
    try {
      return await load().catch(() => untilServed().then(load));
    } catch (error) {
      throw hasUnsent() ? new Error(unfetched, { cause: error }) : error;
    }
  }, name);

const unfetched =
  'The code of this page couldn’t be fetched. Trying again loads the console anew, and forgets ' +
  'what just happened: send first, at the bottom, what has failed.';
