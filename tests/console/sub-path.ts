import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy that shows other servers under paths of its own, as a proxy in production may do. */
export async function proxyTo(targets: Record<string, string>) {
  const server = createServer((req, res) => {
    const { url = '', method, headers } = req;
    const path = Object.keys(targets).find((one) => url.startsWith(one));
    if (!path) return void res.writeHead(404).end('the proxy has nothing here');
    const target = new URL(url.slice(path.length - 1), targets[path]);
    const forwarded = request(target, { method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    forwarded.on('error', () => res.writeHead(502).end());
    req.pipe(forwarded);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
