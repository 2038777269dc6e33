import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, defineSettings, setting } from './config.ts';
import { refusedPorts } from './refused-ports.ts';

const settings = defineSettings({
  SHOP_PORT: setting.port.default(4100),
  MONGO_DATABASE: setting.database.default('bookshop'),
});

const issuer = {
  AUTH_JWKS_URL: 'https://issuer.example/jwks',
  AUTH_ISSUER: 'https://issuer.example',
  AUTH_AUDIENCE: 'bookshop',
};

const brokersCure = 'has to be like host:9092, one:9092,two:9092 or [::1]:9092';

describe('settings', () => {
  it('have the value that was set, and otherwise the default', () => {
    const said = { SHOP_PORT: '80', LANES: '1024', MONGO_URL: 'mongodb+srv://db', PATH: '/' };
    expect(settings.read(said)).toEqual({
      ...settings.read({}),
      ...{ shopPort: 80, lanes: 1024, mongoUrl: 'mongodb+srv://db' },
    });
  });

  it('of an application stand beside the common ones, and may change their defaults', () => {
    expect(settings.read({})).toMatchObject({ shopPort: 4100, mongoDatabase: 'bookshop' });
    expect(defineSettings({}).read({})).toMatchObject({ mongoDatabase: 'events', lanes: 12 });
    expect(settings.names.filter((name) => name === 'MONGO_DATABASE')).toHaveLength(1);
  });

  it('name no port that fetch refuses: a service there would never answer', async () => {
    for (const port of refusedPorts) {
      await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow(
        expect.objectContaining({ cause: expect.objectContaining({ message: 'bad port' }) }),
      );
      expect(() => settings.read({ SHOP_PORT: String(port) })).toThrow(
        'SHOP_PORT is a port that browsers and fetch refuse to connect to: take another one',
      );
    }
  });

  it('take IPv6 addresses', () => {
    const brokers = '[::1]:9092,[2001:db8::7]:9092,kafka:9092,[fe80::1%eth0]:9092';
    expect(settings.read({ KAFKA_BROKERS: brokers }).kafkaBrokers).toBe(brokers);
    expect(settings.read({ HOST: '[::1]' }).host).toBe('::1');
    expect(settings.read({ HOST: '::' }).host).toBe('::');
    const url = 'http://[2001:db8::7]:4011';
    expect(settings.read({ NODE_URL: url }).nodeUrl).toBe(url);
  });

  it('that are empty count as not set', () => {
    const empty = { SHOP_PORT: '', HOST: '', LOG_LEVEL: '', AUTH_SECRET: '', MONGO_URL: '' };
    expect(settings.read(empty)).toEqual(settings.read({}));
  });

  it('have no secret for tokens where a JWKS URL is set', () => {
    const both = { ...issuer, AUTH_SECRET: randomUUID() };
    const { authSecret, authJwksUrl } = settings.read(both);
    expect({ authSecret, authJwksUrl }).toEqual({
      ...{ authSecret: undefined, authJwksUrl: both.AUTH_JWKS_URL },
    });
  });

  it.each([
    ['SHOP_PORT', 'abc', 'has to be a whole number from 0 to 65535'],
    ['SHOP_PORT', '65536', 'has to be a whole number from 0 to 65535'],
    ['SHOP_PORT', ' ', 'has to be a whole number from 0 to 65535'],
    ['SHOP_PORT', '0x10', 'has to be a whole number from 0 to 65535'],
    ['LANES', '0', 'has to be a whole number from 1 to 1024'],
    ['LANES', '1.5', 'has to be a whole number from 1 to 1024'],
    ['LEASE_TTL_MS', '499', 'has to be a whole number from 500 to 60000'],
    ['KAFKA_BROKERS', 'localhost', brokersCure],
    ['KAFKA_BROKERS', '::1:9092', brokersCure],
    ['KAFKA_BROKERS', '[::1]', brokersCure],
    ['KAFKA_BROKERS', '[kafka]:9092', brokersCure],
    ['KAFKA_BROKERS', 'one:9092,', brokersCure],
    ['SCHEMA_REGISTRY_URL', 'localhost:8081', 'has to be an http:// or https:// URL'],
    ['MONGO_URL', 'localhost:27017', 'has to be a mongodb:// URL'],
    ['MONGO_DATABASE', 'a/b', 'has to be 1 to 63 letters, digits, _ or -'],
    ['TOPIC_PREFIX', 'a b', 'has to be at most 100 letters, digits, ., _ or -'],
    ['AUTH_SECRET', 'x'.repeat(31), 'has to have 32 characters or more'],
    [
      'AUTH_SECRET',
      'a'.repeat(32),
      'is published or easy to guess: set it to the output of `openssl rand -base64 32`',
    ],
    [
      'MASTER_KEY',
      'AAAA',
      'has to be 32 bytes in Base64, the output of `openssl rand -base64 32`; or several, with ' +
        'commas',
    ],
    [
      'MASTER_KEY',
      `${'A'.repeat(43)}=`,
      'is easy to guess: put the output of `openssl rand -base64 32` before it, with a comma, ' +
        'and run rewrap',
    ],
    ['AUTH_TOKEN_TYPES', 'JWT, ', 'has to be a list of types such as at+jwt,JWT'],
    ['ADVERTISED_URL', 'ftp://parcels.example', 'has to be an http:// or https:// URL'],
    ['LOG_LEVEL', 'loud', 'has to be one of fatal, error, warn, info, debug, trace'],
  ])('%s=%s is refused, with the cure', (name, value, cure) => {
    const message = `Settings can't be used:\n${name} ${cure}`;
    expect(() => settings.read({ [name]: value })).toThrow(new ConfigError(message));
  });

  it.each(['RATE_LIMIT_PER_MINUTE', 'RATE_LIMIT_PER_MINUTE_FILE'])(
    '%s, which was removed, is refused with what to set instead, unless it is empty',
    (name) => {
      const cure =
        'set RATE_LIMIT_PER_USER, RATE_LIMIT_PER_SERVICE and RATE_LIMIT_PER_ADDRESS instead';
      const message = `Settings can't be used:\n${name} is not a setting any more: ${cure}`;
      expect(() => settings.read({ [name]: '0' })).toThrow(new ConfigError(message));
      expect(settings.read({ [name]: '' })).toEqual(settings.read({}));
    },
  );

  it('need the issuer and the audience of tokens where a JWKS URL is set', () => {
    const { AUTH_JWKS_URL } = issuer;
    const said = 'has to be set, since AUTH_JWKS_URL is';
    expect(() => settings.read({ AUTH_JWKS_URL })).toThrow(
      `Settings can't be used:\nAUTH_ISSUER ${said}\nAUTH_AUDIENCE ${said}`,
    );
  });

  it('that are wrong are all named', () => {
    const wrong = { LANES: 'six', LOG_LEVEL: 'loud', MONGO_URL: 'db' };
    expect(() => settings.read(wrong)).toThrow(
      /^[^\n]+\nLANES [^\n]+\nMONGO_URL [^\n]+\nLOG_LEVEL /,
    );
  });
});

describe('a setting whose file is named', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'settings-'));
    file = join(folder, 'value');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('has the value in the file, without the line break at its end', () => {
    writeFileSync(file, 'mongodb://user:p ss@db\r\n');
    expect(settings.read({ MONGO_URL_FILE: file }).mongoUrl).toBe('mongodb://user:p ss@db');
    writeFileSync(file, '80');
    expect(settings.read({ SHOP_PORT_FILE: file, SHOP_PORT: '' }).shopPort).toBe(80);
    const { serviceToken, serviceTokenFile } = settings.read({ SERVICE_TOKEN_FILE: file });
    expect({ serviceToken, serviceTokenFile }).toEqual({
      ...{ serviceToken: '80', serviceTokenFile: file },
    });
  });

  it('is refused if the value is wrong, set twice, empty or not there', () => {
    writeFileSync(file, 'b'.repeat(40));
    expect(() => settings.read({ AUTH_SECRET_FILE: file })).toThrow(/^.*\nAUTH_SECRET is publ/);
    const twice = { KAFKA_SASL_PASSWORD_FILE: file, KAFKA_SASL_PASSWORD: 'b'.repeat(40) };
    expect(() => settings.read(twice)).toThrow(
      /\nKAFKA_SASL_PASSWORD and KAFKA_SASL_PASSWORD_FILE are both set: keep one of them$/,
    );
    writeFileSync(file, '\n');
    expect(() => settings.read({ MONGO_URL_FILE: file })).toThrow(
      `\nMONGO_URL_FILE names an empty file: ${file}`,
    );
    expect(() => settings.read({ MONGO_URL_FILE: folder })).toThrow(
      /\nMONGO_URL_FILE can't be read: EISDIR/,
    );
  });
});

describe('.env', () => {
  /** The level of logging of a process that is started in the folder. */
  const levelIn = (cwd: string, env: NodeJS.ProcessEnv = {}) => {
    const module = JSON.stringify(join(import.meta.dirname, 'config.ts'));
    const program = `import { defineSettings } from ${module};
      try { console.log(defineSettings({}).ofProcess().logLevel) }
      catch (error) { console.log(error.message) }`;
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
