import { randomUUID } from 'node:crypto';
import { type Server, STATUS_CODES } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { Problem } from '../problems.ts';
import { type ClientLimits, limitedServer } from './client-limits.ts';
import { classesOf } from './common-headers.ts';
import { type Connections, watchConnections } from './connections.ts';
import { problemBody } from './problem-answers.ts';

export type Listening = Connections & { url: string };

/** An address that can't be listened on; the message is one line and says the cure. */
export class ListenError extends Error {
  override name = 'ListenError';
}

export type ListenOptions = { host: string; port: number } & ClientLimits;

const drainLimits = { arriveMs: 1_000, answerMs: 10_000 };

/** @throws ListenError when the port is taken or not allowed. */
export async function listen(app: Express, options: ListenOptions): Promise<Listening> {
  const { host, port } = options;
  const server = limitedServer(options, answerUnreadable, classesOf(app));
  const connections = watchConnections(server, drainLimits);
  server.on('request', app);
  // Node itself would answer these with a bare 417, or not at all.
  server.on('checkExpectation', (req, res) => server.emit('request', req, res));
  server.on('connect', (_req, socket) => sendProblem(notAProxy(), socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
  return { url: urlOf(server), ...connections };
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const at = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new ListenError(`${at} is taken: stop what listens there, or set another port.`);
    case 'EACCES':
      return new ListenError(`${at} is not allowed to this user: set a port above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ListenError(`${host} is not an address of this machine: set HOST.`);
    default:
      return error;
  }
}

function urlOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return urlAt(address, port);
}

/** The URL by which a client on this machine reaches a server that listens on `host`. */
export function urlAt(host: string, port: number): string {
  if (host === '::' || host === '0.0.0.0') return `http://localhost:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** Answers requests that are not readable as HTTP, and so don't reach the app, with a problem. */
const answerUnreadable = (error: NodeJS.ErrnoException, socket: Duplex): void =>
  sendProblem(unreadable(error.code), socket);

const notAProxy = () => new Problem('malformed-request', 'This is no proxy: CONNECT goes nowhere.');

function sendProblem(problem: Problem, socket: Duplex): void {
  const requestId = randomUUID();
  const body = JSON.stringify(problemBody(problem, requestId));
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function unreadable(code: string | undefined): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('headers-too-large', 'All headers together may have 16 KiB.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('request-timeout', 'The request did not arrive in time; send it again.');
    default:
      return new Problem('malformed-request', 'This is not an HTTP/1.1 request.');
  }
}
