import { main, reactorService } from '@event-sourced/kernel/service';
import { settings } from '#schemas/config.ts';
import { eventSchemas } from '#schemas/load.ts';
import { clocks, reactors, workers } from './reactors.ts';

main(
  reactorService({
    ...{ name: 'reactors', settings, reactors, clocks, workers, schemas: eventSchemas },
    port: ({ reactorsPort }) => reactorsPort,
    commandUrl: ({ commandApiPort }) => `http://127.0.0.1:${commandApiPort}`,
  }),
);
