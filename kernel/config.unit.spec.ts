import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

describe('settings', () => {
  it('have the value that was set, and otherwise the default', () => {
    const said = { QUERY_API_PORT: '80', LANES: '1024', MONGO_URL: 'mongodb+srv://db', PATH: '/' };
    expect(readConfig(said)).toEqual({
      ...readConfig({}),
      ...{ queryApiPort: 80, lanes: 1024, mongoUrl: 'mongodb+srv://db' },
    });
  });

  it('that are empty count as not set', () => {
    const empty = { COMMAND_API_PORT: '', HOST: '', LOG_LEVEL: '', AUTH_SECRET: '', MONGO_URL: '' };
    expect(readConfig(empty)).toEqual(readConfig({}));
  });

  it('have no secret for tokens where a JWKS URL is set', () => {
    const both = { AUTH_SECRET: 'x'.repeat(32), AUTH_JWKS_URL: 'https://issuer.example/jwks' };
    const { authSecret, authJwksUrl } = readConfig(both);
    expect({ authSecret, authJwksUrl }).toEqual({
      ...{ authSecret: undefined, authJwksUrl: both.AUTH_JWKS_URL },
    });
  });

  it.each([
    ['COMMAND_API_PORT', 'abc', 'has to be a whole number from 0 to 65535'],
    ['COMMAND_API_PORT', '65536', 'has to be a whole number from 0 to 65535'],
    ['COMMAND_API_PORT', ' ', 'has to be a whole number from 0 to 65535'],
    ['COMMAND_API_PORT', '0x10', 'has to be a whole number from 0 to 65535'],
    ['LANES', '0', 'has to be a whole number from 1 to 1024'],
    ['LANES', '1.5', 'has to be a whole number from 1 to 1024'],
    ['LEASE_TTL_MS', '499', 'has to be a whole number from 500 to 60000'],
    ['KAFKA_BROKERS', 'localhost', 'has to be like host:9092 or one:9092,two:9092'],
    ['SCHEMA_REGISTRY_URL', 'localhost:8081', 'has to be an http:// or https:// URL'],
    ['MONGO_URL', 'localhost:27017', 'has to be a mongodb:// URL'],
    ['MONGO_DATABASE', 'a/b', 'has to be 1 to 63 letters, digits, _ or -'],
    ['TOPIC_PREFIX', 'a b', 'has to be at most 100 letters, digits, ., _ or -'],
    ['AUTH_SECRET', 'x'.repeat(31), 'has to have 32 characters or more'],
    ['ADVERTISED_URL', 'ftp://parcels.example', 'has to be an http:// or https:// URL'],
    ['LOG_LEVEL', 'loud', 'has to be one of fatal, error, warn, info, debug, trace'],
  ])('%s=%s is refused, with the cure', (name, value, cure) => {
    const message = `Settings can't be used:\n${name} ${cure}`;
    expect(() => readConfig({ [name]: value })).toThrow(new ConfigError(message));
  });

  it('that are wrong are all named', () => {
    const wrong = { LANES: 'six', LOG_LEVEL: 'loud', MONGO_URL: 'db' };
    expect(() => readConfig(wrong)).toThrow(/^[^\n]+\nLANES [^\n]+\nMONGO_URL [^\n]+\nLOG_LEVEL /);
  });
});

describe('.env', () => {
  /** The level of logging of a process that is started in the folder. */
  const levelIn = (cwd: string, env: NodeJS.ProcessEnv = {}) => {
    const module = JSON.stringify(join(import.meta.dirname, 'config.ts'));
    const program = `import { processConfig } from ${module};
      try { console.log(processConfig().logLevel) } catch (error) { console.log(error.message) }`;
    const args = ['--input-type=module', '--eval', program];
    return execFileSync(process.execPath, args, { cwd, env, encoding: 'utf8' }).trim();
  };

  it('is read where there is one, and the environment comes first', () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'));
    try {
      expect(levelIn(folder)).toBe('info');
      writeFileSync(join(folder, '.env'), 'LOG_LEVEL=debug\n');
      expect(levelIn(folder)).toBe('debug');
      expect(levelIn(folder, { LOG_LEVEL: 'error' })).toBe('error');
      rmSync(join(folder, '.env'));
      mkdirSync(join(folder, '.env'));
      expect(levelIn(folder)).toMatch(/^\.env can't be read: /);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
