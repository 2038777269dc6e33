import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { until } from '#kernel/testing/until.ts';
import { freePort, isFree } from '#local-stack/base/ports.ts';
import { goProgram } from '../go/go-program.ts';

/** OpenTelemetry's collector as a process; what it takes, it passes on to the test. */

export type TracedSpan = {
  service: string;
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  links: { traceId: string; spanId: string }[];
  attributes: Record<string, string | number>;
  failed: boolean;
};

export type Collector = { endpoint: string; spans: TracedSpan[]; stop(): Promise<void> };

export async function startCollector(): Promise<Collector> {
  const program = await goProgram('collector', join(import.meta.dirname, 'collector'));
  const spans: TracedSpan[] = [];
  const server = createServer(async (req, res) => {
    spans.push(...spansOf((await json(req)) as Exported));
    res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'collector-'));
  const config = join(folder, 'config.yaml');
  writeFileSync(config, configOf(port, (server.address() as AddressInfo).port));
  const child = spawn(program, ['--config', `file:${config}`], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await until(async () => !(await isFree(port)));
  return {
    endpoint: `http://127.0.0.1:${port}`,
    spans,
    async stop() {
      child.kill();
      await ended;
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const configOf = (from: number, to: number) => `
receivers:
  otlp: { protocols: { http: { endpoint: '127.0.0.1:${from}' } } }
exporters:
  otlp_http:
    endpoint: http://127.0.0.1:${to}
    encoding: json
    compression: none
    sending_queue: { enabled: false }
service:
  telemetry: { metrics: { level: none } }
  pipelines:
    traces: { receivers: [otlp], exporters: [otlp_http] }
`;

type Value = { stringValue?: string; intValue?: string };
type KeyValue = { key: string; value: Value };
type Exported = {
  resourceSpans: {
    resource: { attributes: KeyValue[] };
    scopeSpans: {
      spans: (Pick<TracedSpan, 'name' | 'kind' | 'traceId' | 'spanId'> & {
        parentSpanId?: string;
        links?: TracedSpan['links'];
        attributes?: KeyValue[];
        status?: { code?: number };
      })[];
    }[];
  }[];
};

const failed = 2;

const spansOf = ({ resourceSpans }: Exported): TracedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ parentSpanId = '', links = [], attributes = [], status, ...span }) => ({
        ...span,
        ...{ parentSpanId, links, attributes: valuesOf(attributes) },
        service: String(valuesOf(resource.attributes)['service.name']),
        failed: status?.code === failed,
      })),
    ),
  );

const valuesOf = (attributes: readonly KeyValue[]): Record<string, string | number> =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]),
  );
