import { Moment } from '@event-sourced/kernel/event';
import { problemType } from '@event-sourced/kernel/problems';

/** How far a client's clock may be ahead. */
const skewMs = 60_000;

/** A time that has come, as clients write it. */
export const PastMoment = Moment.refine(
  (text) => Date.parse(text) <= Date.now() + skewMs,
  'must not be in the future',
);

/** When a change was made, on a device that was offline, say. */
export const ChangedAt = PastMoment.optional().meta({
  description:
    'When this was changed: it is done only if that is later than the last change of what is ' +
    'there. Without it, now.',
});

export const itemOutdated = problemType(
  'item-outdated',
  409,
  'What is there was changed at the same time or later',
);
