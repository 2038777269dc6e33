import type { Config } from '../config.ts';
import { currentValue } from '../setting-files.ts';

/**
 * The token that was set for a service's own requests, or null. A file is read for each request,
 * so that whoever renews the token in it need not restart the service.
 */
export function serviceToken(
  settings: Pick<Config, 'serviceToken' | 'serviceTokenFile'>,
): (() => Promise<string>) | null {
  const { serviceToken: token, serviceTokenFile: file } = settings;
  if (file) return () => currentValue(file);
  return token ? async () => token : null;
}
