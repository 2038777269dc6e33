import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy in front of a real schema registry, which can answer in the registry's place. */
export type RegistryProxy = {
  url: string;
  /** With `late` the first try of each change is executed, but the client goes on before that. */
  mode: keyof typeof answers | 'pass' | 'cut' | 'late';
  /** The number of requests so far. */
  asked: number;
  close(): void;
};

const json = { 'content-type': 'application/json' };
const html = { 'content-type': 'text/html' };

const answers = {
  error: (response: ServerResponse) => response.writeHead(503, json).end('{"message":"busy"}'),
  'not found': (response: ServerResponse) =>
    response.writeHead(404, html).end('<html><h1>404 Not Found</h1><hr>nginx</html>'),
  'other json': (response: ServerResponse) =>
    response.writeHead(404, json).end('{"error_code":404,"message":"no Route matched"}'),
  'login page': (response: ServerResponse) =>
    response.writeHead(200, html).end('<html><form>Password</form></html>'),
};

/** @param target the URL of the registry. */
export async function registryProxy(target: string): Promise<RegistryProxy> {
  const late = new Set<string>();
  const server = createServer(async (request, response) => {
    proxy.asked++;
    if (proxy.mode === 'cut') return request.socket.destroy();
    if (proxy.mode !== 'pass' && proxy.mode !== 'late') return answers[proxy.mode](response);
    const body = await new Response(request as unknown as ReadableStream).text();
    const change = `${request.method} ${request.url} ${body}`;
    const isChange = request.method === 'PUT' || /versions$/.test(request.url ?? '');
    if (proxy.mode === 'late' && body && isChange && !late.has(change)) {
      late.add(change);
      request.socket.destroy();
    }
    const answer = await fetch(`${target}${request.url}`, {
      ...{ method: request.method as string, headers: json },
      ...(body ? { body } : {}),
    });
    if (request.socket.destroyed) return undefined;
    return response.writeHead(answer.status, json).end(await answer.text());
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const proxy: RegistryProxy = {
    ...{ url: `http://127.0.0.1:${port}`, mode: 'pass', asked: 0 },
    close: () => server.close(),
  };
  return proxy;
}
