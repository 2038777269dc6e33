import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type Config, ConfigError } from '../config.ts';
import { urlAt } from '../http/listen.ts';
import { unreachedBecause } from '../http/peers.ts';
import type { Member } from '../leases/leases.ts';

const everyAddress = new Set(['0.0.0.0', '[::]']);
const hint =
  'set NODE_URL to the address and operations port of this node, as http://10.0.0.5:4011';

const urlAtHost = (host: string) => `http://${isIPv6(host) ? `[${host}]` : host}`;

/** Parsing an address gives all its spellings the same form. */
const isEverywhere = (url: string): boolean =>
  URL.canParse(url) && everyAddress.has(new URL(url).hostname);

/** @throws ConfigError where other nodes would get an address that leads each to itself. */
export function checkNodeUrl({ host, nodeUrl }: Pick<Config, 'host' | 'nodeUrl'>): void {
  if (!isEverywhere(nodeUrl ?? urlAtHost(host))) return;
  const which = nodeUrl ? `NODE_URL is ${nodeUrl}` : `NODE_URL is not set, and HOST is ${host}`;
  throw new ConfigError(`${which}, where other nodes can't reach this one: ${hint}.`);
}

/**
 * Where other machines find a port of this one, of a process that listens at all of its addresses.
 * @param url as it is found on this machine.
 */
export function urlForOthers(url: string, { host }: Pick<Config, 'host'>): string {
  const address = isEverywhere(urlAtHost(host)) ? outerAddress() : undefined;
  return address ? urlAt(address, Number(new URL(url).port)) : url;
}

/** The first address that others know this machine by, of the fourth version if there is one. */
function outerAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  const outer = all.filter(({ internal, scopeid }) => !internal && !scopeid);
  return (outer.find(({ family }) => family === 'IPv4') ?? outer[0])?.address;
}

/** @throws Error if the URL that other nodes get doesn't lead to this process. */
export async function checkReached(member: Member): Promise<void> {
  const trouble = await unreachedBecause(member, { isSelf: true });
  if (!trouble) return;
  throw new Error(`NODE_URL ${member.url} doesn't lead to this process (${trouble}): ${hint}`);
}
