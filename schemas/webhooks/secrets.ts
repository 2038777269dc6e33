import { createHmac, hkdfSync } from 'node:crypto';
import { type Config, settings } from '../config.ts';

/** What secrets of webhooks are made from, so that none is stored anywhere. */
type KeySettings = Pick<Config, 'webhookKey' | 'authSecret'>;

/** Null if there can be no webhooks. */
export function webhookKey({ webhookKey, authSecret }: KeySettings): Buffer | null {
  const from = webhookKey ?? authSecret;
  if (from === undefined) return null;
  return Buffer.from(hkdfSync('sha256', from, '', 'webhook secrets', 32));
}

/** The secret of a webhook, in the form of Standard Webhooks. */
export const secretOf = (key: Buffer, webhookId: string, version: number): string =>
  `whsec_${createHmac('sha256', key).update(`${webhookId}/${version}`).digest('base64')}`;

let own: Config | undefined;

/** The settings of this process, read once. */
export function ownSettings(): Config {
  own ??= settings.ofProcess();
  return own;
}
