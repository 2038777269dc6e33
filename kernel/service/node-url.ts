import { isIPv6 } from 'node:net';
import { type Config, ConfigError } from '../config.ts';
import { unreachedBecause } from '../http/peers.ts';
import type { Member } from '../leases/leases.ts';

const everyAddress = new Set(['0.0.0.0', '[::]']);
const hint =
  'set NODE_URL to the address and operations port of this node, as http://10.0.0.5:4011';

/** @throws ConfigError where other nodes would get an address that leads each to itself. */
export function checkNodeUrl({ host, nodeUrl }: Pick<Config, 'host' | 'nodeUrl'>): void {
  const given = nodeUrl ?? `http://${isIPv6(host) ? `[${host}]` : host}`;
  // Parsing an address gives all its spellings the same form.
  if (!URL.canParse(given) || !everyAddress.has(new URL(given).hostname)) return;
  const which = nodeUrl ? `NODE_URL is ${nodeUrl}` : `NODE_URL is not set, and HOST is ${host}`;
  throw new ConfigError(`${which}, where other nodes can't reach this one: ${hint}.`);
}

/** @throws Error if the URL that other nodes get doesn't lead to this process. */
export async function checkReached(member: Member): Promise<void> {
  const trouble = await unreachedBecause(member, { isSelf: true });
  if (!trouble) return;
  throw new Error(`NODE_URL ${member.url} doesn't lead to this process (${trouble}): ${hint}`);
}
