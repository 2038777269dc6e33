import type { IncomingMessage } from 'node:http';
import { Problem } from '../problems.ts';

/** Refuses requests that break rules of HTTP which every service has to check (RFC 9110, 9112). */
export function checkForm({ httpVersion, headers }: IncomingMessage): void {
  const { host, expect } = headers;
  if (host === undefined && httpVersion === '1.1') {
    throw new Problem('malformed-request', 'HTTP/1.1 needs a Host header.');
  }
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    throw new Problem('expectation-failed', 'Only Expect: 100-continue can be met.');
  }
}
