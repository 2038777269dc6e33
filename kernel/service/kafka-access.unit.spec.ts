import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { defineSettings } from '../config.ts';
import { kafkaAccess } from './kafka-access.ts';

const settings = defineSettings({});

const folder = mkdtempSync(join(tmpdir(), 'kafka-access-'));
afterAll(() => rmSync(folder, { recursive: true }));

const access = (env: Record<string, string> = {}) => kafkaAccess('a:1,b:2', settings.read(env));
const login = {
  ...{ KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'parcels' },
  KAFKA_SASL_PASSWORD: 'secret',
};

describe('the way to the brokers', () => {
  it('is plain if nothing is said', () => {
    expect(access()).toEqual({ brokers: ['a:1', 'b:2'] });
  });

  it('takes TLS, a CA of one’s own, and a login', () => {
    const KAFKA_SSL_CA = join(folder, 'ca.pem');
    writeFileSync(KAFKA_SSL_CA, 'PEM');
    expect(access({ KAFKA_SSL: 'true', ...login })).toEqual({
      brokers: ['a:1', 'b:2'],
      ssl: true,
      sasl: { mechanism: 'scram-sha-512', username: 'parcels', password: 'secret' },
    });
    expect(access({ KAFKA_SSL: 'true', KAFKA_SSL_CA }).ssl).toEqual({ ca: Buffer.from('PEM') });
  });

  it.each([
    ['a CA without TLS', { KAFKA_SSL_CA: 'ca.pem' }, /set KAFKA_SSL=true/],
    ['a CA that is not there', { KAFKA_SSL: 'true', KAFKA_SSL_CA: '/no/ca.pem' }, /PEM file/],
    ['half a login', { KAFKA_SASL_USERNAME: 'parcels' }, /set all three/],
    ['a login of an unknown kind', { ...login, KAFKA_SASL_MECHANISM: 'oauth' }, /MECHANISM/],
    ['TLS that is neither on nor off', { KAFKA_SSL: 'perhaps' }, /KAFKA_SSL has to be true/],
  ])('is refused: %s', (_, env, message) => {
    expect(() => access(env)).toThrow(message);
  });
});
