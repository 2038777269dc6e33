import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * A fake command API that fails on demand, for tests of the scraper. It keeps titles by id, answers
 * imports like the real one, and records its requests.
 */
export type FakeCommandApi = AsyncDisposable & {
  url: string;
  requests: { headers: IncomingMessage['headers']; url: string; lines: string[] }[];
  /** Each request takes one first; one that returns true has answered the request itself. */
  faults: ((response: ServerResponse, lines: string[]) => boolean)[];
};

type Line = { movieId: string; title: string };

export async function startFakeCommandApi(): Promise<FakeCommandApi> {
  const requests: FakeCommandApi['requests'] = [];
  const faults: FakeCommandApi['faults'] = [];
  const titles = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const lines = (await text(request)).trim().split('\n');
    requests.push({ headers: request.headers, url: request.url ?? '', lines });
    if (faults.shift()?.(response, lines)) return;
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    for (const [index, line] of lines.entries()) {
      response.write(`${JSON.stringify({ line: index + 1, ...decided(line) })}\n`);
    }
    response.end(`{"done":true,"token":"token-${requests.length}"}\n`);
  });
  function decided(line: string) {
    const { movieId, title } = JSON.parse(line) as Line;
    const before = titles.get(movieId);
    if (before === title) return { movieId, result: 'unchanged' };
    if (before !== undefined) {
      const detail = `${movieId} already holds ${before}.`;
      return { movieId, result: 'rejected', code: 'movie-differs', detail };
    }
    titles.set(movieId, title);
    return { movieId, result: 'added' };
  }
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    faults,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** A fault that answers with a problem. */
export const problem =
  (status: number, code: string, headers: Record<string, string> = {}) =>
  (response: ServerResponse): true => {
    response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
    response.end(JSON.stringify({ status, code, detail: `Said for ${code}.` }));
    return true;
  };

/** A fault that answers with this part of an import's answer, then cuts the connection. */
export const cutAfter =
  (answer = '') =>
  (response: ServerResponse): true => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(answer, () => response.destroy());
    return true;
  };
