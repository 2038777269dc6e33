import type { ReplayApplication } from '../../replay/tool/application.ts';
import { commands, projections } from './bookshop.ts';
import { schemas, settings } from './setup.ts';

/** What the replay tool works on, with REPLAY_APPLICATION=examples/bookshop/replay.ts. */
export const application: ReplayApplication = {
  ...{ settings, schemas, commands, projections },
  filters: { order: 'orderId' },
};
