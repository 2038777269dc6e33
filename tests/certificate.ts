import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrFail } from '#local-stack/base/run.ts';

/** A certificate for parts on this machine, and the authority that vouches for it: itself. */
export type Certificate = { key: string; cert: string; ca: string; pem: string };

export async function newCertificate(folder: string): Promise<Certificate> {
  const file = (name: string) => join(folder, name);
  const [key, ca, pem] = [file('key.pem'), file('ca.pem'), file('parts.pem')];
  await runOrFail('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-keyout', key, '-out', ca, '-subj', '/CN=parts', '-days', '2'],
    ...['-addext', 'subjectAltName=IP:127.0.0.1'],
  ]);
  const [secret, cert] = await Promise.all([readFile(key, 'utf8'), readFile(ca, 'utf8')]);
  await writeFile(pem, secret + cert, { mode: 0o600 });
  return { key: secret, cert, ca, pem };
}
