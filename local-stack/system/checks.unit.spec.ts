import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { defineSettings, setting } from '#kernel/config.ts';
import { freePort } from '../base/ports.ts';
import { checkPorts } from './checks.ts';
import { partPorts } from './own-parts.ts';

describe('ports', () => {
  it('that are taken are named in the refusal, with the setting to change', async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const check = checkPorts([{ port, setting: 'KAFKA_PORT', use: 'Kafka' }]);
    await expect(check).rejects.toThrow(`Port ${port}, for Kafka, is taken`);
    server.close();
  });

  it('that two parts want are refused', async () => {
    const port = await freePort();
    const twice = ['KAFKA_PORT', 'MONGO_PORT'].map((setting) => ({ port, setting, use: setting }));
    await expect(checkPorts(twice)).rejects.toThrow(`MONGO_PORT and KAFKA_PORT are both ${port}`);
  });

  it('are needed only for the parts that run here', () => {
    const settings = defineSettings({
      KAFKA_PORT: setting.port.default(9092),
      SCHEMA_REGISTRY_PORT: setting.port.default(8081),
      MONGO_PORT: setting.port.default(27017),
    });
    const elsewhere = { KAFKA_BROKERS: 'broker:9092', MONGO_URL: 'mongodb://elsewhere' };
    const config = settings.read(elsewhere);
    expect(partPorts(config).map(({ setting }) => setting)).toEqual(['SCHEMA_REGISTRY_PORT']);
  });
});
