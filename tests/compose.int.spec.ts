import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { removed } from '#kernel/removed-settings.ts';
import { copies, topology } from '#local-stack/commands/cluster.ts';
import { copiesOf, servicesOf } from '#local-stack/commands/services.ts';
import { serverProperties } from '#local-stack/parts/kafka/kafka.ts';
import { settings } from '#schemas/config.ts';
import { services as folders, read, root, stagesOf } from './dockerfile.ts';
import { goProgram } from './go/go-program.ts';

type Service = {
  image?: string;
  build?: { target: string };
  command: string[] | null;
  entrypoint: string[] | null;
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  ports?: { host_ip: string; published: string; target: number }[];
  volumes?: { type: string; source: string; target: string }[];
  healthcheck?: { test: string[] };
  read_only?: boolean;
  tmpfs?: string[];
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  mem_limit?: string;
  cpus?: number;
  pids_limit?: number;
  stop_grace_period?: string;
  restart?: string;
  deploy?: { replicas?: number };
};

const run = promisify(execFile);
let parser: string;

const secret = {
  AUTH_SECRET: randomUUID(),
  MASTER_KEY: randomBytes(32).toString('base64'),
};

const ofCluster = { ...secret, KAFKA_CLUSTER_ID: 'AAAAAAAAAAAAAAAAAAAAAA' };

/** The file, and those laid over it, as the parser of compose reads them. */
async function compose(env: Record<string, string> = secret, ...more: string[]) {
  const files = ['docker-compose.yml', ...more].map((file) => join(root, file));
  const { stdout } = await run(parser, files, { env });
  return (JSON.parse(stdout) as { services: Record<string, Service> }).services;
}

const example = parseEnv(read('.env.example'));
const text = read('docker-compose.yml');
const stages = stagesOf(read('Dockerfile'));
let services: Record<string, Service> = {};
let ours: [string, Service][] = [];

beforeAll(async () => {
  parser = await goProgram('compose-parser', join(root, 'tests', 'compose'));
  services = await compose();
  ours = Object.entries(services).filter(([, { build }]) => build);
}, 300_000);

describe.each([
  ['docker-compose.yml', async () => services],
  ['compose.cluster.yml', () => compose(ofCluster, 'compose.cluster.yml')],
])('%s', (_, containers) => {
  let all: [string, Service][];
  beforeAll(async () => {
    all = Object.entries(await containers());
  });

  it('gives no container more rights, memory or processes than it needs', () => {
    for (const [name, service] of all) {
      expect(service, name).toMatchObject({
        ...{ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] },
        ...{ mem_limit: expect.stringMatching(/^\d+$/), cpus: expect.any(Number) },
        pids_limit: expect.any(Number),
      });
      expect(service.cap_add, name).toBeUndefined();
      // A folder in memory has the mode of the folder below it if none is said.
      for (const folder of service.tmpfs ?? []) expect(folder).toMatch(/mode=1777,size=\d+m$/);
      expect(service.tmpfs?.[0], name).toMatch(/^\/tmp:/);
      if (service.restart) expect(service.stop_grace_period, name).toMatch(/^(15|30)s$/);
    }
  });

  it('runs exact versions only', () => {
    const images = all.flatMap(([, { image }]) => image ?? []);
    expect(images.length).toBeGreaterThan(2);
    for (const image of images) expect(image).toMatch(/:v?\d+\.\d+\.\d+(\.\w+)?$/);
  });

  it('publishes ports on this machine only', () => {
    for (const [name, { ports = [] }] of all) {
      for (const { host_ip } of ports) expect(host_ip, name).toBe('127.0.0.1');
    }
  });
});

describe('docker-compose.yml', () => {
  it('takes every variable from .env.example, with the same default', () => {
    // Containers need an address that others can reach: its default differs.
    const own = new Set(['ADVERTISED_URL']);
    const code = text
      .replaceAll(/^ *#.*$/gm, '')
      .replaceAll(/\$\{(AUTH_SECRET:|MASTER_KEY)\?[^}]*\}/g, '');
    const used = [...code.matchAll(/\$\{([A-Z_]+):-([^}]*)\}/g)].map(([, name, value]) => [
      name,
      value,
    ]);
    expect(used.length).toBeGreaterThan(10);
    expect(code.replaceAll(/\$\{[A-Z_]+:-[^}]*\}/g, '').replaceAll('$$', '')).not.toContain('$');
    for (const [name = '', value] of used) {
      if (own.has(name)) expect(settings.names).toContain(name);
      else expect([name, value]).toEqual([name, name in removed ? '' : example[name]]);
    }
  });

  it('gives services only settings that they know and can read', () => {
    for (const [name, { environment = {} }] of ours) {
      const known = [...settings.names, ...Object.keys(removed)];
      expect(known, name).toEqual(expect.arrayContaining(Object.keys(environment)));
      expect(() => settings.read(environment), name).not.toThrow();
    }
  });

  it('passes on settings that were removed, which services refuse', async () => {
    const set = Object.fromEntries(Object.keys(removed).map((name) => [name, '1']));
    const { environment } = (await compose({ ...secret, ...set }))['query-api']!;
    for (const name of Object.keys(removed)) {
      expect(() => settings.read(environment)).toThrow(`${name} is not a setting any more`);
    }
  });

  it('takes every setting from the environment, except those that the containers fix', async () => {
    const fixed =
      /^(KAFKA_|MONGO_URL|SCHEMA_REGISTRY_|REPLICATION|MIN_IN_SYNC|HOST|DATA_DIR|NODE_URL)/;
    const settable = settings.names.filter(
      (name) => !fixed.test(name) && name !== 'COMMAND_API_URL',
    );
    const values = settable.map((name, index) => [name, String(5_000 + index)] as const);
    const changed = await compose(Object.fromEntries(values));
    const seen = JSON.stringify(changed);
    for (const [name, value] of values) expect(seen, name).toContain(`"${value}"`);
  });

  it('starts nothing without a secret of its own, and says how to make one', async () => {
    const cure = /Set AUTH_SECRET in \.env to the output of: openssl rand -base64 32/;
    const { AUTH_SECRET, MASTER_KEY } = secret;
    await expect(compose({ MASTER_KEY })).rejects.toThrow(cure);
    await expect(compose({ AUTH_SECRET })).rejects.toThrow('Set MASTER_KEY in .env');
  });

  it('needs no secret if another issuer signs the tokens', async () => {
    const issuer = { AUTH_ISSUER: 'https://issuer.example', AUTH_AUDIENCE: 'movies' };
    const AUTH_JWKS_URL = 'https://issuer.example/jwks';
    const trusting = await compose({ ...secret, AUTH_SECRET: '', ...issuer, AUTH_JWKS_URL });
    const { authSecret, authJwksUrl } = settings.read(trusting['query-api']?.environment);
    expect({ authSecret, authJwksUrl }).toEqual({
      ...{ authSecret: undefined, authJwksUrl: AUTH_JWKS_URL },
    });
  });

  it('tells the secret only to those that check or sign tokens', () => {
    const knowing = ours.filter(([, { environment }]) => environment?.AUTH_SECRET);
    expect(knowing.map(([name]) => name).sort()).toEqual([
      ...['command-api', 'import', 'query-api', 'reactors', 'replay-worker', 'token'],
    ]);
  });

  it('tells the master key only to those that write or read text of people', () => {
    const knowing = ours.filter(([, { environment }]) => environment?.MASTER_KEY);
    expect(knowing.map(([name]) => name).sort()).toEqual(['command-api', 'query-api', 'replay']);
  });

  it('has every service', () => {
    expect(Object.keys(services)).toEqual(expect.arrayContaining(folders));
  });

  it('builds targets that exist, and starts programs that these contain', () => {
    for (const [name, { build, command, entrypoint }] of ours) {
      const stage = stages.get(build?.target ?? '');
      expect(stage, name).toBeDefined();
      const words = [...(entrypoint ?? []), ...(command ?? stage?.command ?? [])].join(' ');
      const programs = words.match(/(?:[\w-]+\/)+[\w-]+\.ts/g) ?? [];
      expect(programs.length, name).toBeGreaterThan(0);
      for (const path of programs) {
        expect(read(path)).not.toBe('');
        expect(stage?.copied, name).toContain(path.split('/')[0]);
      }
    }
  });

  it('publishes the ports that the images expose', () => {
    for (const [name, { ports = [], build }] of Object.entries(services)) {
      for (const { published, target } of ports) {
        const exposed = stages.get(build?.target ?? '')?.exposed ?? [target];
        expect(exposed, name).toContain(target);
        const use = target === exposed[0] ? 'PORT' : 'OPERATIONS_PORT';
        const setting = `${name.toUpperCase().replaceAll('-', '_')}_${use}`;
        expect(published, name).toBe(example[setting]);
      }
    }
  });

  it('runs the same versions as the local stack', () => {
    const pom = read('local-stack/parts/jvm/pom.xml');
    const version = (part: string) => new RegExp(`<${part}.version>(.+)</`).exec(pom)?.[1];
    const mongo = /const VERSION = '(.+)'/.exec(
      read('local-stack/parts/mongod/mongod-binary.ts'),
    )?.[1];
    expect(services.kafka?.image).toBe(`apache/kafka:${version('kafka')}`);
    expect(services['schema-registry']?.image).toMatch(new RegExp(`:${version('registry')}$`));
    expect(services.mongo?.image).toBe(`mongo:${mongo}`);
  });

  it('configures Kafka like the local stack', () => {
    const node = { id: 1, port: 9092, controllerPort: 9093, dir: '/data' };
    const properties = parseEnv(
      serverProperties(node, [node]).replaceAll(
        /^([a-z.]+)=/gm,
        (_, name: string) => `KAFKA_${name.toUpperCase().replaceAll('.', '_')}=`,
      ),
    );
    const elsewhere = /LISTENER|VOTERS|LOG_DIRS/;
    const { environment = {} } = services.kafka ?? {};
    const both = Object.keys(environment).filter(
      (name) => name in properties && !elsewhere.test(name),
    );
    expect(both.length).toBeGreaterThan(6);
    for (const name of both) expect([name, environment[name]]).toEqual([name, properties[name]]);
  });

  it('keeps the data of Kafka, the schema registry and MongoDB in volumes', () => {
    const target = (name: string) =>
      services[name]?.volumes?.find(({ type }) => type === 'volume')?.target;
    expect(services.kafka?.environment?.KAFKA_LOG_DIRS).toMatch(new RegExp(`^${target('kafka')}/`));
    const url = services['schema-registry']?.environment?.QUARKUS_DATASOURCE_JDBC_URL;
    expect(url).toMatch(new RegExp(`^jdbc:h2:file:${target('schema-registry')}/`));
    expect(target('mongo')).toBe('/data/db');
  });

  it('starts each container after those that it depends on', () => {
    const parts = { kafka: 'service_healthy', 'schema-registry': 'service_healthy' };
    const all = { ...parts, mongo: 'service_healthy', deploy: 'service_completed_successfully' };
    const needs = (name: string) =>
      Object.fromEntries(
        Object.entries(services[name]?.depends_on ?? {}).map(([on, { condition }]) => [
          on,
          condition,
        ]),
      );
    expect(needs('deploy')).toEqual(parts);
    for (const name of folders) expect(needs(name)).toMatchObject(all);
    expect(needs('reactors')).toMatchObject({ 'command-api': 'service_healthy' });
    expect(needs('import')).toEqual({
      ...{ deploy: 'service_completed_successfully', 'command-api': 'service_healthy' },
    });
    for (const name of Object.keys(parts)) expect(services[name]?.healthcheck?.test).toBeDefined();
  });

  it('is refused with a value that compose does not know', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'compose-'));
    const file = join(folder, 'docker-compose.yml');
    writeFileSync(file, text.replace('condition: service_healthy', 'condition: service_fit'));
    const refused = run(parser, [file], { env: secret });
    await expect(refused).rejects.toThrow(/service_fit|condition/);
    rmSync(folder, { recursive: true });
  });
});

describe('compose.cluster.yml', () => {
  let cluster: Record<string, Service>;
  beforeAll(async () => {
    cluster = await compose(ofCluster, 'compose.cluster.yml');
  });
  const environmentOf = (name: string) => cluster[name]?.environment ?? {};

  it('has three brokers of one cluster, and two of them have each event', () => {
    const brokers = ['kafka', 'kafka-2', 'kafka-3'].map(environmentOf);
    expect(new Set(brokers.map(({ CLUSTER_ID }) => CLUSTER_ID)).size).toBe(1);
    expect(brokers.map(({ KAFKA_NODE_ID }) => KAFKA_NODE_ID)).toEqual(['1', '2', '3']);
    for (const broker of brokers) {
      expect(broker).toMatchObject({
        ...{ KAFKA_MIN_INSYNC_REPLICAS: '2', KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '2' },
        KAFKA_CONTROLLER_QUORUM_VOTERS: '1@kafka:9093,2@kafka-2:9093,3@kafka-3:9093',
      });
    }
    expect(environmentOf('deploy')).toMatchObject({ REPLICATION: '3', MIN_IN_SYNC_REPLICAS: '2' });
  });

  it('keeps the data of each broker and each mongod in a volume of its own', () => {
    const parts = ['kafka', 'kafka-2', 'kafka-3', 'mongo', 'mongo-2', 'mongo-3'];
    const sources = parts.flatMap((name) => cluster[name]?.volumes?.map(({ source }) => source));
    expect(new Set(sources).size).toBe(parts.length);
  });

  it('has two of each service, with settings that they can read', () => {
    for (const name of folders) {
      const replicas = cluster[name]?.deploy?.replicas ?? 1;
      const others = Object.keys(cluster).filter((other) => other === `${name}-2`);
      expect(replicas + others.length, name).toBe(2);
      expect(() => settings.read(environmentOf(name)), name).not.toThrow();
      expect(environmentOf(name).KAFKA_BROKERS?.split(',')).toHaveLength(3);
    }
    const urls = ['command-api', 'command-api-2'].map((name) => environmentOf(name).NODE_URL);
    expect(new Set(urls).size).toBe(2);
  });

  it('has the processes that npm run cluster starts', async () => {
    const local = await copiesOf(servicesOf(settings.read({})), topology.ofEachService);
    const names = local.map(({ name }) => name.replace(/-\d$/, ''));
    const parts = { kafka: topology.brokers, mongo: topology.mongods, 'schema-registry': 1 };
    const processes = new Map(Object.entries(parts));
    for (const name of names) processes.set(name, (processes.get(name) ?? 0) + 1);
    const containers = new Map<string, number>();
    for (const [name, { restart, deploy }] of Object.entries(cluster)) {
      // Containers without `restart` do their work once.
      if (!restart || ['prometheus', 'grafana'].includes(name)) continue;
      const one = name.replace(/-\d$/, '');
      containers.set(one, (containers.get(one) ?? 0) + (deploy?.replicas ?? 1));
    }
    expect(containers).toEqual(processes);
    expect(environmentOf('deploy')).toMatchObject(copies);
  });

  it('has Prometheus and Grafana with what is in monitoring/', () => {
    const mounted = ['prometheus', 'grafana'].flatMap((name) =>
      cluster[name]?.volumes?.filter(({ type }) => type === 'bind').map(({ source }) => source),
    );
    for (const source of mounted) expect(existsSync(source ?? '')).toBe(true);
    expect(mounted.length).toBe(4);
  });
});

describe('the shell commands of the containers', () => {
  it.each([
    [200, 0],
    [503, 1],
  ])('the health check of a registry that answers %i exits with %i', async (status, expected) => {
    const server = createServer((_req, res) => void res.writeHead(status).end()).listen(0);
    const { port } = server.address() as AddressInfo;
    const [, program = '', ...args] = services['schema-registry']?.healthcheck?.test ?? [];
    const code = await run(
      program,
      args.map((one) => one.replace('/8080', `/${port}`)),
    ).then(
      () => 0,
      (error: { code: number }) => error.code,
    );
    server.close();
    expect(code).toBe(expected);
  });

  it.each([
    [0, 0, 'scraper/main.ts the.csv'],
    [3, 0, 'The catalogue is there already.'],
    [1, 1, ''],
  ])(
    'after deploy --is-empty exits with %i, the import does with %i',
    async (code, expected, says) => {
      const folder = mkdtempSync(join(tmpdir(), 'import-'));
      const node = join(folder, 'node');
      writeFileSync(node, `#!/bin/sh\n[ "$2" = --is-empty ] && exit ${code}\necho "$@"\n`);
      chmodSync(node, 0o755);
      const [shell = '', ...args] = services.import?.command ?? [];
      const env = { PATH: `${folder}:${process.env.PATH}`, MOVIES_CSV: 'the.csv' };
      const ended = await run(shell, args, { env }).then(
        ({ stdout }) => ({ code: 0, stdout }),
        (error: { code: number; stdout: string }) => error,
      );
      rmSync(folder, { recursive: true });
      expect({ code: ended.code, says: ended.stdout.trim() }).toEqual({ code: expected, says });
    },
  );
});
