import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What the users of a registry may do; others may do nothing. */
export type RegistryUsers = ReadonlyMap<string, { password: string; mayRegister: boolean }>;

/** Looks a schema up, or tries whether it could be registered. */
const looks = /^POST \/apis\/ccompat\/v7\/(subjects\/[^/]+|compatibility\/.+)$/;

/**
 * A door before a registry that has no logins of its own: HTTPS, a login, and two kinds of users.
 * Registries that are sold have it built in; before others stands a proxy that does the same.
 * @param target the URL of the registry.
 */
export async function registryDoor(
  target: string,
  users: RegistryUsers,
  certificate: { key: string; cert: string },
) {
  const server = createServer(certificate, async (request, response) => {
    const [, login = ''] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const [name = '', password] = Buffer.from(login, 'base64').toString().split(':');
    const user = users.get(name);
    const refuse = (status: number, message: string) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error_code: status, message }));
    if (!user || user.password !== password) return refuse(401, 'log in');
    const asked = `${request.method} ${request.url}`;
    const isRead = request.method === 'GET' || looks.test(asked);
    if (!isRead && !user.mayRegister) return refuse(403, `${name} may not ${asked}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await fetch(new URL(request.url ?? '', target), {
      method: request.method ?? 'GET',
      headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    const type = answer.headers.get('content-type') ?? 'application/json';
    return response.writeHead(answer.status, { 'content-type': type }).end(await answer.text());
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const { pathname } = new URL(target);
  return {
    url: `https://127.0.0.1:${port}${pathname}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
