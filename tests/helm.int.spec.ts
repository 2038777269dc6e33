import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { runOrFail } from '#local-stack/base/run.ts';
import { settings } from '#schemas/config.ts';
import { type Rights, rights } from '../access/rights.ts';
import { services as folders, read, root, stagesOf } from './dockerfile.ts';
import { pythonPackages } from './python-packages.ts';

/** The chart, rendered by Helm itself, and each resource by the schemas of Kubernetes. */

type Container = {
  image: string;
  env: { name: string; value?: string; valueFrom?: { secretKeyRef?: { key: string } } }[];
  envFrom: { secretRef: { name: string } }[];
  volumeMounts: { name: string; mountPath: string }[];
  ports: { name: string; containerPort: number }[];
  livenessProbe: object;
  readinessProbe: object;
  securityContext: object;
};
type Resource = {
  kind: string;
  metadata: { name: string };
  spec: {
    template: {
      metadata: { labels: Record<string, string> };
      spec: { containers: Container[]; topologySpreadConstraints?: object[] };
    };
    maxUnavailable?: number;
    minReplicas?: number;
    metrics?: { type: string; pods?: { metric: { name: string } } }[];
  };
};
type PodMonitorSpec = {
  selector: { matchLabels: Record<string, string> };
  podMetricsEndpoints: object[];
};
type Rendered = { lint: { errors: string[]; messages: object[] }; resources: Resource[] };

const requirements = join(root, 'tests', 'helm', 'requirements.txt');
let python: string;

async function rendered(values: object = {}): Promise<Rendered> {
  const check = join(root, 'tests', 'helm', 'check.py');
  const args = [check, join(root, 'helm'), JSON.stringify(values)];
  return JSON.parse(await runOrFail(python, args)) as Rendered;
}

let chart: Rendered;
beforeAll(async () => {
  const home = await pythonPackages('helm', requirements);
  python = join(home, 'bin', 'python');
  chart = await rendered();
}, 300_000);

const of = (kind: string) => chart.resources.filter((one) => one.kind === kind);
const named = (kind: string, name: string) =>
  of(kind).find(({ metadata }) => metadata.name === name) as Resource;

describe('the chart', () => {
  it('is what helm lint and the schemas of Kubernetes take, with every part of it', async () => {
    expect(chart.lint.errors).toEqual([]);
    const all = await rendered({ ingress: { enabled: true }, podMonitor: { enabled: true } });
    expect(all.lint.errors).toEqual([]);
    const more = all.resources.map(({ kind }) => kind);
    expect(more).toEqual(expect.arrayContaining(['Ingress', 'PodMonitor']));
  });

  // Its schema is its operator's and not at hand, so Prometheus could find nothing by it unseen.
  it('has a PodMonitor that finds the metrics of every pod', async () => {
    const { resources } = await rendered({ podMonitor: { enabled: true } });
    const [monitor, ...others] = resources.filter(({ kind }) => kind === 'PodMonitor');
    expect(others).toEqual([]);
    const { selector, podMetricsEndpoints, ...rest } = (monitor as Resource)
      .spec as unknown as PodMonitorSpec;
    expect(rest).toEqual({ jobLabel: expect.any(String) });
    expect(podMetricsEndpoints).toEqual([{ port: 'operations', path: '/metrics' }]);
    for (const { spec } of of('Deployment')) {
      const { metadata, spec: pod } = spec.template;
      expect(metadata.labels).toMatchObject(selector.matchLabels);
      const ports = pod.containers.flatMap((container) => container.ports.map(({ name }) => name));
      expect(ports).toContain('operations');
    }
  });

  it('is refused with a value that Kubernetes does not know', async () => {
    await expect(rendered({ image: { pullPolicy: 5 } })).rejects.toThrow('kubernetes.io/docs');
  });

  it.each(folders)(
    'spreads %s, keeps one while nodes are drained, and lets it grow if that helps',
    (name) => {
      const { spec } = named('Deployment', name);
      expect(spec.template.spec.topologySpreadConstraints).toHaveLength(2);
      expect(named('PodDisruptionBudget', name).spec.maxUnavailable).toBe(1);
      const grows = named('HorizontalPodAutoscaler', name) as Resource | undefined;
      // A second worker only stands by.
      if (name === 'replay-worker') expect(grows).toBeUndefined();
      else expect(grows?.spec.minReplicas).toBeGreaterThan(1);
      const [container] = spec.template.spec.containers as [Container];
      const exposed = stagesOf(read('Dockerfile')).get(name)?.exposed;
      expect(container.ports.map(({ containerPort }) => containerPort)).toEqual(exposed);
      expect(container.readinessProbe).toMatchObject({ httpGet: { path: '/readyz' } });
      expect(container.livenessProbe).toMatchObject({ httpGet: { path: '/healthz' } });
      expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true });
    },
  );

  it('gives services only settings that they know and can read', () => {
    for (const { spec } of [...of('Deployment'), ...of('Job')]) {
      const { env } = spec.template.spec.containers[0] as Container;
      const given = env.filter(({ name, valueFrom }) => name !== 'POD_IP' && !valueFrom);
      expect(settings.names).toEqual(expect.arrayContaining(given.map(({ name }) => name)));
      const values = given.map(({ name, value = '' }) => [name, value.replace('$(POD_IP)', 'a')]);
      expect(() => settings.read(Object.fromEntries(values))).not.toThrow();
    }
  });

  it.each([...folders, 'deploy'])(
    'gives %s its own login, and no secret that it can do without',
    (name) => {
      const { spec } = named(name === 'deploy' ? 'Job' : 'Deployment', name);
      const [{ env, envFrom, volumeMounts }] = spec.template.spec.containers as [Container];
      const keys = env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.key ?? []);
      const all: Record<string, Rights> = rights;
      expect(keys).toEqual(all[name]?.secrets ?? []);
      expect(settings.names).toEqual(expect.arrayContaining(keys));
      expect(envFrom).toEqual([{ secretRef: { name: `event-sourced-movies-${name}` } }]);
      const certificate = env.find(({ name }) => name === 'KAFKA_SSL_CA')?.value;
      expect(volumeMounts.map(({ mountPath }) => `${mountPath}/ca.crt`)).toContain(certificate);
    },
  );

  it('can set everything about webhooks', async () => {
    const names = settings.names.filter((name) => /^WEBHOOK_(?!KEY)/.test(name));
    const wanted = Object.fromEntries(names.map((name) => [name, '20']));
    const { resources } = await rendered({ settings: wanted });
    const [one] = resources.filter(({ kind }) => kind === 'Deployment');
    const given = one?.spec.template.spec.containers[0]?.env.map(({ name }) => name);
    expect(given).toEqual(expect.arrayContaining(names));
    const values = read('helm/values.yaml');
    for (const name of names) expect(values).toContain(`  ${name}: `);
  });

  it('scales by metrics that there are', () => {
    const metrics = of('HorizontalPodAutoscaler').flatMap(
      ({ spec }) => spec.metrics?.flatMap(({ pods }) => pods?.metric.name ?? []) ?? [],
    );
    expect(metrics).toHaveLength(3);
    const watched = read('monitoring/alerts.yml');
    for (const metric of metrics) expect(watched).toContain(metric);
  });
});

/** What stands beside the chart for the operators of Kafka and MongoDB; Helm leaves it alone. */
type Part = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string> };
  spec: Record<string, unknown>;
};

describe('what the operators of Kafka and MongoDB are given', () => {
  const parts = (file: string) =>
    parseAllDocuments(read(`helm/${file}`)).map((document) => {
      expect(document.errors, file).toEqual([]);
      return document.toJS() as Part;
    });
  const services = [...Object.keys(rights)].sort();

  it('makes three brokers, of which two must have each event; a dead one is soon left out', () => {
    const [pool, kafka, ...others] = parts('kafka.yaml');
    expect(others).toEqual([]);
    expect(pool).toMatchObject({ kind: 'KafkaNodePool', spec: { replicas: 3 } });
    expect(pool?.metadata.labels).toEqual({ 'strimzi.io/cluster': kafka?.metadata.name });
    expect(kafka?.kind).toBe('Kafka');
    const { config } = (kafka as Part).spec.kafka as { config: object };
    expect(config).toEqual({
      'auto.create.topics.enable': false,
      ...{ 'default.replication.factor': 3, 'min.insync.replicas': 2 },
      'offsets.topic.replication.factor': 3,
      'transaction.state.log.replication.factor': 3,
      'transaction.state.log.min.isr': 2,
      'broker.session.timeout.ms': 6_000,
    });
    // The topics that the chart's job makes are to be copied as often.
    const [job] = named('Job', 'deploy').spec.template.spec.containers;
    expect(job?.env).toContainEqual({ name: 'REPLICATION', value: '3' });
    expect(job?.env).toContainEqual({ name: 'MIN_IN_SYNC_REPLICAS', value: '2' });
  });

  it('makes a user of that Kafka for each service', () => {
    const users = parts('kafka-users.yaml');
    const [, kafka] = parts('kafka.yaml');
    expect(users.map(({ metadata }) => metadata.name).sort()).toEqual(services);
    for (const { kind, metadata } of users) {
      expect(kind).toBe('KafkaUser');
      expect(metadata.labels).toEqual({ 'strimzi.io/cluster': kafka?.metadata.name });
    }
  });

  it('makes a replica set of three that logs no slow operation, as its log shows documents', () => {
    const [mongodb, ...others] = parts('mongodb.yaml');
    expect(others).toEqual([]);
    expect(mongodb).toMatchObject({
      kind: 'MongoDBCommunity',
      spec: {
        ...{ members: 3, type: 'ReplicaSet' },
        additionalMongodConfig: { 'operationProfiling.slowOpThresholdMs': 2 ** 31 - 1 },
      },
    });
    const users = mongodb?.spec.users as { name: string }[];
    expect(users.length).toBeGreaterThan(0);
    expect(services).toEqual(expect.arrayContaining(users.map(({ name }) => name)));
  });
});
