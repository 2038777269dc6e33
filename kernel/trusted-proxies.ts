import { isIP, isIPv4 } from 'node:net';
import { z } from 'zod';

const wanted =
  'has to be how many proxies stand before the service, or their addresses: like 1, or ' +
  '10.0.0.0/8,loopback. With true, any client could name its own address';

const ranges = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** Express's setting `trust proxy`, but for `true`. */
export const TrustedProxies = z.string().transform((text, context): number | string[] => {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  const addresses = text.split(',').map((address) => address.trim());
  if (!addresses.every((address) => ranges.has(address) || isNetwork(address))) {
    context.addIssue({ code: 'custom', message: wanted });
  }
  return addresses;
});

/** An address, or a network as an address and the length of its prefix. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  if (isIP(address) === 0 || more.length > 0) return false;
  if (prefix === undefined) return true;
  // Of a network that is the whole Internet, any client could name its own address.
  return /^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (isIPv4(address) ? 32 : 128);
}
