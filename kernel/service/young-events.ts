import { setFlagsFromString } from 'node:v8';

/**
 * For processes that read many events, fold them and forget them. V8 notices that some of the
 * first ones outlive a collection, and makes all later ones in its old space, where forgetting
 * them costs more: told not to, a rebuild is a third faster and needs a fifth less memory.
 */
export function keepEventsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
