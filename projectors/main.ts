import { main, projectorService } from '@event-sourced/kernel/service';
import { settings } from '#schemas/config.ts';
import { eventSchemas } from '#schemas/load.ts';
import { projections } from './projections.ts';

main(
  projectorService({
    ...{ name: 'projectors', settings, projections, schemas: eventSchemas },
    port: ({ projectorsPort }) => projectorsPort,
  }),
);
