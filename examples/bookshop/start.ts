import { endInFailure } from '#local-stack/base/problem.ts';
import { runSystem } from '#local-stack/system/run-system.ts';
import { localUrl } from '#local-stack/system/service.ts';
import { localSettings } from '#local-stack/system/settings.ts';
import { type Config, settings } from './setup.ts';

/** `npm run bookshop`: starts the parts and the shop, and watches until Ctrl-C. */
async function start(): Promise<void> {
  const config = await localSettings(settings);
  const { queriesPort: port } = config;
  const program = 'examples/bookshop/main.ts';
  await runSystem({
    config,
    services: [{ name: 'bookshop', program, port, setting: 'QUERIES_PORT' }],
    deploy: 'examples/bookshop/deploy.ts',
    demoUsers: [
      { user: 'ada', roles: ['customer'] },
      { user: 'cleo', roles: ['clerk'] },
    ],
    tour: async () => tour(config),
  });
}

const tour = ({ commandsPort, queriesPort }: Config) => [
  {
    shows: 'An order; a moment later a reactor has had it shipped',
    lines: [
      `curl -sw "\\n" -X PUT ${localUrl(commandsPort)}/v1/orders/o1 \\`,
      `  -H "Authorization: Bearer $ADA" -H 'Content-Type: application/json' \\`,
      `  -d '{"isbn":"9780140449136"}'`,
      `curl -sw "\\n" ${localUrl(queriesPort)}/v1/me/orders -H "Authorization: Bearer $ADA"`,
    ],
  },
];

await start().catch(endInFailure);
