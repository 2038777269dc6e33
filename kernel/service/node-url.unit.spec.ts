import { networkInterfaces } from 'node:os';
import { expect, it } from 'vitest';
import { checkNodeUrl, urlForOthers } from './node-url.ts';

it.each(['0.0.0.0', '0', '::', '0:0:0:0:0:0:0:0'])(
  'a node that listens on %s has to be told its address',
  (host) => {
    const unset = () => checkNodeUrl({ host, nodeUrl: undefined });
    expect(unset).toThrow(`NODE_URL is not set, and HOST is ${host}, where other nodes`);
    expect(unset).toThrow('set NODE_URL to the address and operations port of this node');
    expect(() => checkNodeUrl({ host, nodeUrl: 'http://10.0.0.5:4011' })).not.toThrow();
  },
);

it.each(['http://0.0.0.0:4011', 'http://[::]:4011'])('%s is no address of a node', (nodeUrl) => {
  expect(() => checkNodeUrl({ host: '127.0.0.1', nodeUrl })).toThrow(`NODE_URL is ${nodeUrl}`);
});

it.each(['127.0.0.1', '::1', 'node-3.example'])('on %s a node finds its own address', (host) => {
  expect(() => checkNodeUrl({ host, nodeUrl: undefined })).not.toThrow();
});

it('others find a process that listens everywhere at an address of its machine', () => {
  const addresses = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  const outer = addresses.filter(({ internal }) => !internal);
  for (const host of ['0.0.0.0', '0', '::']) {
    const { hostname, port } = new URL(urlForOthers('http://localhost:4012', { host }));
    expect(port).toBe('4012');
    const known = outer.map(({ address, family }) =>
      family === 'IPv6' ? `[${address}]` : address,
    );
    expect(known.length > 0 ? known : ['localhost']).toContain(hostname);
  }
  const own = 'http://127.0.0.1:4012';
  expect(urlForOthers(own, { host: '127.0.0.1' })).toBe(own);
});
