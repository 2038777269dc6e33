import { describe, expect, it } from 'vitest';
import { post } from './post.ts';
import { isPublic } from './public-addresses.ts';

describe('a webhook', () => {
  it.each([
    ...['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.0.1', '169.254.169.254', '0.0.0.0'],
    ...['100.64.0.1', '224.0.0.1', '255.255.255.255', '::1', '::', 'fe80::1', 'fc00::1'],
    ...['::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1'],
  ])('may not lead to %s', (address) => {
    expect(isPublic({ address })).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111'])('may lead to %s', (address) => {
    expect(isPublic({ address })).toBe(true);
  });

  const options = { headers: {}, body: '', allowHttp: true, allowPrivate: false };
  it.each(['http://localhost:9/', 'http://2130706433:9/', 'http://[::1]:9/', 'http://0x7f.1:9/'])(
    'is not sent to this machine: %s',
    async (url) => {
      const { signal: stop } = new AbortController();
      await expect(post(url, { ...options, stop })).rejects.toThrow(/no public address/);
    },
  );

  it('is not sent over http:// unless that is allowed', async () => {
    const { signal: stop } = new AbortController();
    const sent = post('http://example.com/', { ...options, allowHttp: false, stop });
    await expect(sent).rejects.toThrow('the URL is not https://');
  });
});
