import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { until } from '#kernel/testing/until.ts';
import { freePort } from '#local-stack/base/ports.ts';
import { runOrFail } from '#local-stack/base/run.ts';
import { ask } from './answers.ts';
import { read, root } from './dockerfile.ts';
import { type PrometheusTools, prometheusTools } from './prometheus-tools.ts';
import { type Service, type System, startSystem } from './system.ts';

/** The alerts and the dashboard, in Prometheus itself, which watches running services. */

const alerts = [...read('monitoring/alerts.yml').matchAll(/- alert: (\w+)/g)].map(
  ([, name]) => name,
);
type DataSource = { uid: string; type: string };
type Panel = {
  title: string;
  datasource: DataSource;
  targets: { expr: string; datasource: DataSource }[];
};
type Dashboard = { panels: Panel[] };
const dashboard = JSON.parse(read('monitoring/grafana/dashboards/overview.json')) as Dashboard;
const shown = dashboard.panels.flatMap(({ targets }) =>
  targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m')),
);

let tools: PrometheusTools;
beforeAll(async () => {
  tools = await prometheusTools();
});

describe('the alerts', () => {
  const monitoring = { cwd: join(root, 'monitoring') };

  it('are what promtool takes, and fire when they should', async () => {
    await runOrFail(tools.promtool, ['check', 'rules', 'alerts.yml'], monitoring);
    await runOrFail(tools.promtool, ['check', 'config', 'prometheus.yml'], monitoring);
    await runOrFail(tools.promtool, ['test', 'rules', 'alerts.test.yml'], monitoring);
  });

  it.each(alerts)('%s is tested, and explained to operators', (alert) => {
    const tests = read('monitoring/alerts.test.yml');
    expect(tests).toContain(`name: ${alert} fires`);
    expect(tests).toContain(`name: ${alert} is silent`);
    expect(read('docs/operations.md')).toContain(`| \`${alert}\` |`);
  });
});

describe('Grafana', () => {
  const provisioned = (path: string) => parse(read(`monitoring/grafana/provisioning/${path}`));
  const { datasources } = provisioned('datasources/prometheus.yml') as {
    datasources: DataSource[];
  };
  // Tags of compose, such as `!reset`, change nothing that is looked at here.
  const { services } = parse(read('compose.cluster.yml'), { logLevel: 'error' }) as {
    services: Record<string, { volumes?: string[] }>;
  };

  it('asks the Prometheus of the cluster', () => {
    expect(datasources).toMatchObject([
      { uid: 'prometheus', type: 'prometheus', url: 'http://prometheus:9090', isDefault: true },
    ]);
    expect(Object.keys(services)).toContain('prometheus');
  });

  it('reads the folder of dashboards that is mounted', () => {
    const { providers } = provisioned('dashboards/dashboards.yml') as {
      providers: { type: string; options: { path: string } }[];
    };
    expect(providers.map(({ type }) => type)).toEqual(['file']);
    expect(services.grafana?.volumes).toEqual(
      expect.arrayContaining([
        './monitoring/grafana/provisioning:/etc/grafana/provisioning:ro',
        `./monitoring/grafana/dashboards:${providers[0]?.options.path}:ro`,
      ]),
    );
  });

  it('has a data source and queries for each panel', () => {
    const known = datasources.map(({ uid, type }) => ({ uid, type }));
    for (const { title, datasource, targets } of dashboard.panels) {
      expect(targets.length, title).toBeGreaterThan(0);
      for (const asked of [datasource, ...targets.map((target) => target.datasource)]) {
        expect(known, title).toContainEqual(asked);
      }
    }
  });
});

describe('Prometheus', () => {
  let system: System;
  let folder: string;
  let child: ChildProcess | undefined;
  let url: string;
  beforeAll(async () => {
    system = await startSystem('monitoring');
    const commandApi = await system.start('command-api');
    const others = await Promise.all([
      system.start('projectors'),
      system.start('query-api'),
      system.start('reactors', { COMMAND_API_URL: commandApi.url }),
      system.start('replay-worker', { COMMAND_API_URL: commandApi.url }),
    ]);
    await ask(commandApi.url, 'POST /v1/tickets', {
      headers: { ...(await system.as('alice', 'viewer')), 'idempotency-key': randomUUID() },
      body: { subject: 'No sound', message: 'None at all.' },
    });
    folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    copyFileSync(join(root, 'monitoring', 'alerts.yml'), join(folder, 'alerts.yml'));
    const config = join(folder, 'prometheus.yml');
    writeFileSync(config, watching([commandApi, ...others]));
    child = spawn(
      tools.prometheus,
      [
        ...[`--config.file=${config}`, `--storage.tsdb.path=${folder}/data`],
        ...[`--web.listen-address=127.0.0.1:${port}`, '--log.level=warn'],
      ],
      { stdio: 'ignore' },
    );
    await until(async () => (await query('sum(up)'))?.[0]?.value[1] === '5');
    // A share of the deliveries is measured as soon as somebody works on it.
    await until(async () => (await query('webhook_deliveries_waiting'))?.length !== 0);
  }, 180_000);
  afterAll(async () => {
    child?.kill();
    await system?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  type Series = { metric: Record<string, string>; value: [number, string] };
  async function query(expr: string): Promise<Series[] | undefined> {
    const asked = `${url}/api/v1/query?${new URLSearchParams({ query: expr })}`;
    const response = await fetch(asked).catch(() => undefined);
    // While it starts, it answers 503, and no JSON.
    if (!response || response.status === 503) return undefined;
    const answer = (await response.json()) as { data?: { result: Series[] }; error?: string };
    if (answer.error) throw new Error(`${expr}: ${answer.error}`);
    return answer.data?.result;
  }

  it('has loaded every alert, and none fires on a healthy system', async () => {
    type Rule = { name: string; health: string; state: string };
    const rules = async () => {
      const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as {
        data: { groups: { rules: Rule[] }[] };
      };
      return data.groups.flatMap((group) => group.rules);
    };
    await until(async () => (await rules()).every(({ health }) => health === 'ok'));
    const loaded = (await rules()).map(({ name }) => name);
    expect(loaded.toSorted()).toEqual(alerts.toSorted());
    expect((await rules()).filter(({ state }) => state === 'firing')).toEqual([]);
  });

  it('finds every metric that alerts and dashboard name', async () => {
    const metrics = new Set(
      [...shown, read('monitoring/alerts.yml')].flatMap((text) => text.match(metricNames) ?? []),
    );
    expect(metrics.size).toBeGreaterThan(15);
    for (const metric of metrics) {
      expect((await query(metric))?.length, metric).toBeGreaterThan(0);
    }
  });

  it('understands every query of the dashboard', async () => {
    expect(shown.length).toBeGreaterThan(15);
    for (const expr of shown) expect(await query(expr), expr).toBeDefined();
  });

  it('finds the names of OpenTelemetry’s conventions too', async () => {
    const route = 'http_route="/v1/tickets",http_response_status_code="201"';
    const labels = `http_request_method="POST",url_scheme="http",${route}`;
    const counted = await query(`http_server_request_duration_seconds_count{${labels}}`);
    expect(counted?.[0]?.value[1]).toBe('1');
    const kafka = 'messaging_system_name="kafka"';
    const sent = await query(`messaging_client_sent_messages_total{${kafka}}`);
    expect(Number(sent?.[0]?.value[1])).toBeGreaterThan(0);
    const [append] = (await query(
      `messaging_client_operation_duration_seconds_count{${kafka},service="command-api"}`,
    )) as [Series];
    expect(Number(append.value[1])).toBeGreaterThan(0);
    // Views and reactors have both been handed the event of the ticket.
    for (const service of ['projectors', 'reactors']) {
      for (const name of [
        'messaging_client_consumed_messages_total',
        'messaging_process_duration_seconds_count',
      ]) {
        const counted = async () => (await query(`${name}{${kafka},service="${service}"}`))?.[0];
        await until(async () => Number((await counted())?.value[1]) > 0);
      }
    }
  });
});

/** The names of metrics that alerts and dashboard may use; anything else is a word or a label. */
const metricNames = /\b(up|(writer|projector|reactor|webhook|personal|http|nodejs|process)_\w+)\b/g;

const watching = (services: readonly Service[]) =>
  JSON.stringify({
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ['alerts.yml'],
    scrape_configs: [
      {
        job_name: 'services',
        static_configs: [
          { targets: services.map(({ operationsUrl }) => new URL(operationsUrl).host) },
        ],
      },
    ],
  });
