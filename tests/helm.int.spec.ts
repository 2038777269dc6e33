import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cached } from '#local-stack/base/cache.ts';
import { runOrFail } from '#local-stack/base/run.ts';
import { settings } from '#schemas/config.ts';
import { services as folders, read, root, stagesOf } from './dockerfile.ts';

/** The chart, rendered by Helm itself, and each resource by the schemas of Kubernetes. */

type Container = {
  image: string;
  env: { name: string; value?: string }[];
  ports: { name: string; containerPort: number }[];
  livenessProbe: object;
  readinessProbe: object;
  securityContext: object;
};
type Resource = {
  kind: string;
  metadata: { name: string };
  spec: {
    template: { spec: { containers: Container[]; topologySpreadConstraints?: object[] } };
    maxUnavailable?: number;
    minReplicas?: number;
    metrics?: { type: string; pods?: { metric: { name: string } } }[];
  };
};
type Rendered = { lint: { errors: string[]; messages: object[] }; resources: Resource[] };

const requirements = join(root, 'tests', 'helm', 'requirements.txt');
const version = createHash('sha256').update(read('tests/helm/requirements.txt')).digest('hex');
let python: string;

async function rendered(values: object = {}): Promise<Rendered> {
  const check = join(root, 'tests', 'helm', 'check.py');
  const args = [check, join(root, 'helm'), JSON.stringify(values)];
  return JSON.parse(await runOrFail(python, args)) as Rendered;
}

let chart: Rendered;
beforeAll(async () => {
  const home = await cached(`helm-${version.slice(0, 12)}`, async (into) => {
    await runOrFail('python3', ['-m', 'venv', into]);
    const locked = ['--require-hashes', '--only-binary', ':all:', '-r', requirements];
    await runOrFail(join(into, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...locked]);
  });
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
      const given = env.filter(({ name }) => name !== 'POD_IP');
      expect(settings.names).toEqual(expect.arrayContaining(given.map(({ name }) => name)));
      const values = given.map(({ name, value = '' }) => [name, value.replace('$(POD_IP)', 'a')]);
      expect(() => settings.read(Object.fromEntries(values))).not.toThrow();
    }
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
