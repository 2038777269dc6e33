import { main } from '@event-sourced/kernel/service';
import { openCodec } from '#kernel/codec/codec.ts';
import type { Config } from '#kernel/config.ts';
import { startIndexer } from '#kernel/event-index/indexer.ts';
import { holdLeases } from '#kernel/leases/leases.ts';
import { serviceAuthorization } from '#kernel/reactor/authorization.ts';
import { commandClient } from '#kernel/reactor/command-client.ts';
import type { ServiceContext } from '#kernel/service/run-service.ts';
import { application, type WorkerDefinition } from '../replay/tool/application.ts';
import { JobLoop } from '../replay/worker/job-loop.ts';

/** Does what operators want done, with the functions of the replay tool, and indexes events. */
const { worker, settings, schemas, filters } = application;
if (!worker) throw new Error('The application says nothing of a worker.');

main({
  ...{ name: 'replay-worker', settings },
  port: worker.port,
  open: (context) => open(context, worker),
});

/** One worker at a time holds the lease, and does one job after the other. */
async function open(
  { config, logger, parts, member }: ServiceContext,
  { commandUrl, view }: WorkerDefinition,
) {
  const { client, database, log, clock } = parts;
  const url = config.commandApiUrl ?? commandUrl(config as Config);
  const commands = commandClient(
    url,
    serviceAuthorization(config, { user: 'replay-worker', roles: [] }),
  );
  const tool = {
    ...{ config, client, log, prefix: config.topicPrefix, lanes: config.lanes },
    db: client.db(database, { readPreference: 'primary' }),
    codec: await openCodec({ ...parts.codecOptions, schemas: schemas.eventSchemas }),
  };
  const onWarning = (message: string) => logger.warn(message);
  const holder = holdLeases({
    ...{ client, database, role: 'replay-worker', lanes: 1, member, clock, onWarning },
    ...{ ttlMs: config.leaseTtlMs, dropAtDeadline: true },
    work(lease) {
      const loop = new JobLoop({ tool, view, commands, lease, worker: member.id, onWarning });
      return { drain: () => loop.stop() };
    },
  });
  const indexer = await startIndexer({
    ...{ client, database, log, member, clock, onWarning, filters, codec: tool.codec },
    ...{ prefix: config.topicPrefix, lanes: config.lanes, ttlMs: config.leaseTtlMs },
    topics: schemas.contexts,
  });
  return {
    ready: () => ({ ready: true, details: { works: holder.ownerOf(0)?.id === member.id } }),
    async close() {
      await Promise.all([holder.close(), indexer.close()]);
    },
  };
}
