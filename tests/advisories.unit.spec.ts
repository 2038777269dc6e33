import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** npm itself asks; only the registry is another one, whose advisories are known. */

const root = join(import.meta.dirname, '..');

type Heard = { code: number | null; said: string; report: string };

async function listedFrom(answer: RequestListener, limitMs = 30_000): Promise<Heard> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'advisories-'));
  const report = join(folder, 'report.json');
  const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const args = ['--registry', registry, '--report', report, '--limit-ms', String(limitMs)];
  try {
    // npm keeps what it hears of an advisory.
    const env = { ...process.env, npm_config_cache: join(folder, 'cache') };
    const child = execFile(process.execPath, ['tests/advisories.ts', ...args], { cwd: root, env });
    let said = '';
    child.stdout?.on('data', (text: string) => {
      said += text;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, said, report: readFileSync(report, 'utf8') };
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  }
}

/** A registry that knows one advisory, on every version of a package. */
const knowing =
  (name: string, severity: string): RequestListener =>
  (request, response) => {
    const known = { id: 1, title: 'Reads too far', url: 'https://advisories.example/1', severity };
    const advisory = { ...known, vulnerable_versions: '*', cwe: [], cvss: { score: 0 } };
    response.statusCode = request.method === 'POST' ? 200 : 404;
    response.setHeader('content-type', 'application/json');
    response.end(request.method === 'POST' ? JSON.stringify({ [name]: [advisory] }) : '{}');
  };

describe('advisories', () => {
  it.each(['high', 'critical'])('that are %s on what is deployed fail', async (severity) => {
    const { code, said, report } = await listedFrom(knowing('kafkajs', severity));
    expect(code).toBe(1);
    const line = `${severity}, deployed: kafkajs: Reads too far (https://advisories.example/1)`;
    expect(said).toBe(`${line}\n1 advisories, 1 of them grave\n`);
    expect(JSON.parse(report)).toMatchObject({
      testResults: [{ assertionResults: [{ status: 'failed', failureMessages: [line] }] }],
    });
  });

  it.each([
    ['moderate', 'kafkajs', 'deployed'],
    ['critical', 'vitest', 'development'],
  ])('that are %s on %s are listed only', async (severity, name, use) => {
    const { code, said, report } = await listedFrom(knowing(name, severity));
    expect(code).toBe(0);
    expect(said).toContain(`${severity}, ${use}: ${name}: Reads too far`);
    expect(JSON.parse(report)).toMatchObject({
      testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
    });
  });

  it.each([404, 405])('pass where the registry answers %i instead, and say so', async (status) => {
    const { code, said } = await listedFrom((_, response) => void response.writeHead(status).end());
    expect(code).toBe(0);
    expect(said).toContain(`could not be asked for advisories: ${status} `);
  });

  it('pass where the registry never answers, and say so', async () => {
    const { code, said } = await listedFrom(() => {}, 3_000);
    expect(code).toBe(0);
    expect(said).toContain('could not be asked for advisories: no answer within 3 s');
  });
});
