import { expect, it } from 'vitest';
import { checkNodeUrl } from './node-url.ts';

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
