import { openCommandService } from '#kernel/service/command-service.ts';
import { main } from '#kernel/service/service.ts';
import { eventSchemas } from '#schemas/load.ts';
import { aggregates, commands } from './commands.ts';
import { document } from './document.ts';
import { importRoute } from './movies/import.ts';

/** Takes commands, decides them, appends their events. */
main({
  name: 'command-api',
  document,
  port: (config) => config.commandApiPort,
  open: (context) =>
    openCommandService(
      {
        aggregates,
        commands,
        schemas: eventSchemas,
        routes: (tokens, submitter) => [importRoute(tokens, submitter)],
      },
      context,
    ),
});
