import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { defineSettings, setting } from '#kernel/config.ts';
import { serviceEnv } from './service.ts';

const settings = defineSettings({
  KAFKA_PORT: setting.port.default(9092),
  SCHEMA_REGISTRY_PORT: setting.port.default(8081),
  MONGO_PORT: setting.port.default(27017),
});
const endpoints = {
  kafka: 'broker:9092',
  schemaRegistry: 'http://registry',
  mongo: 'mongodb://db',
};

afterEach(() => vi.unstubAllEnvs());

it('a service gets each setting once, although the start has read it from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'service-env-'));
  const secret = join(folder, 'secret');
  writeFileSync(secret, 'Jm0kq2FJtS4yBv8WnX5cRz7hLpD3gAe6\n');
  vi.stubEnv('AUTH_SECRET_FILE', secret);
  vi.stubEnv('AUTH_ISSUER_FILE', secret);
  const config = settings.read();
  const { authSecret } = config;
  const env = serviceEnv(config, [], endpoints, authSecret);
  expect(settings.read(env)).toMatchObject({ authSecret, authIssuer: authSecret });
  rmSync(folder, { recursive: true });
});
