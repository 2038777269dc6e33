import { setFlagsFromString } from 'node:v8';

/**
 * For processes that read many events, fold them and drop them. V8 notices that some of the first
 * events outlive a collection, and then allocates all later ones in its old space, where freeing
 * them costs more ("pretenuring"). Without it a rebuild is a third faster and needs a fifth less
 * memory.
 */
export function disablePretenuring(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
