import { projectorService } from '#kernel/service/projector-service.ts';
import { main } from '#kernel/service/service.ts';
import { settings } from '#schemas/config.ts';
import { eventSchemas } from '#schemas/load.ts';
import { projections } from './projections.ts';

main(
  projectorService({
    ...{ name: 'projectors', settings, projections, schemas: eventSchemas },
    port: ({ projectorsPort }) => projectorsPort,
  }),
);
