import express from 'express';
import { describe, expect, it } from 'vitest';
import { ConfigError, defineSettings } from './config.ts';

const settings = defineSettings({});

describe('TRUSTED_PROXIES', () => {
  it.each<[string, number | string[] | undefined]>([
    ['', undefined],
    ['2', 2],
    ['10.1.2.3', ['10.1.2.3']],
    ['loopback, 10.0.0.0/8,fd00::/8', ['loopback', '10.0.0.0/8', 'fd00::/8']],
  ])('may be "%s": how many proxies there are, or where', (text, proxies) => {
    expect(settings.read({ TRUSTED_PROXIES: text }).trustedProxies).toEqual(proxies);
    expect(() => express().set('trust proxy', proxies)).not.toThrow();
  });

  it.each(['true', '0', '-1', '10.0.0.0/33', '0.0.0.0/0', '::/0', 'loopback,proxy.example', '1,'])(
    'must not be "%s", and says the cure',
    (text) => {
      const read = () => settings.read({ TRUSTED_PROXIES: text });
      expect(read).toThrow(ConfigError);
      expect(read).toThrow(/^Settings .*\nTRUSTED_PROXIES has to be how many .* like 1, or 10\./);
    },
  );
});
