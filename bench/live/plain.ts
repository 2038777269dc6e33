import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { nowMs } from './streams.ts';

/**
 * The baseline: bare Node that writes the same message to every open stream, at the rate and of
 * the size that our clients heard. It looks at nothing, checks nobody and knows no views.
 */

const everyMs = Number(process.env.EVERY_MS);
const bytes = Number(process.env.MESSAGE_BYTES);
const registry = new Registry();
collectDefaultMetrics({ register: registry });
const open = new Set<ServerResponse>();

const server = createServer(async (req, res) => {
  if (req.url === '/metrics') return void res.end(await registry.metrics());
  if (req.url === '/readyz') return void res.end();
  res.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  res.setHeader('Connection', 'close');
  res.useChunkedEncodingByDefault = false;
  res.write('event: ready\ndata: {}\n\n');
  open.add(res);
  res.once('close', () => open.delete(res));
});

function tell(): void {
  const begun = `event: told\ndata: {"atMs":${nowMs()},"filling":"`;
  const message = Buffer.from(`${begun.padEnd(Math.max(0, bytes - 4), 'x')}"}\n\n`);
  for (const res of open) res.write(message);
}

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
  setInterval(tell, everyMs);
});
process.once('SIGTERM', () => process.exit(0));
