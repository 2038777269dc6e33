import { z } from 'zod';

/** Where an event stands in the log, as operators write it. */
export const EventPlace = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,99}\/[0-9]{1,4}\/[0-9]{1,15}$/, 'must be like support/3/17')
  .meta({ description: 'Topic, lane and offset of an event, such as `support/3/17`.' });

export const exampleEvent = 'movies/0/0';
