import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a provider does that isn't well, or is set up in another way. */
export type Behaviour = {
  /** It leads back without a code, and gives this reason. */
  refuses?: string;
  /** Its token endpoint has another origin than its issuer. */
  isApart?: boolean;
  /** Its token endpoint takes no code, or gives no answer. */
  tokens?: 'refused' | 'none';
};

/** An OpenID provider that knows one person and asks for no password. */
export async function openProvider(accessToken: string, behaviour: Behaviour = {}) {
  const asked = new Map<string, { challenge: string; redirect: string }>();
  const server = createServer(async (req, res) => {
    res.setHeader('Access-Control-Allow-Origin', '*');
    const { pathname, searchParams } = new URL(req.url ?? '', issuer);
    const json = (body: object, status = 200) =>
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (pathname === '/.well-known/openid-configuration') {
      return json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${behaviour.isApart ? elsewhere : issuer}/token`,
        code_challenge_methods_supported: ['S256'],
      });
    }
    if (pathname === '/authorize') {
      const redirect = searchParams.get('redirect_uri') ?? '';
      asked.set('the-code', { redirect, challenge: searchParams.get('code_challenge') ?? '' });
      const back = new URL(redirect);
      const { refuses } = behaviour;
      const answer = refuses
        ? { error: refuses, error_description: 'They said no.' }
        : { code: 'the-code' };
      for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value);
      back.searchParams.set('state', searchParams.get('state') ?? '');
      return res.writeHead(302, { location: back.href }).end();
    }
    if (behaviour.tokens === 'none') return req.destroy();
    if (behaviour.tokens !== 'refused' && (await isGood(req)))
      return json({ access_token: accessToken, token_type: 'Bearer' });
    return json({ error: 'invalid_grant' }, 400);
  });
  const listen = (at: number) =>
    new Promise<void>((listening) => server.listen(at, '127.0.0.1', listening));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const elsewhere = `http://localhost:${port}`;

  /** A code counts once, for who made the challenge, at the address it was sent to. */
  async function isGood(req: IncomingMessage): Promise<boolean> {
    const form = new URLSearchParams(await text(req));
    const code = form.get('code') ?? '';
    const known = asked.get(code);
    asked.delete(code);
    const verifier = form.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    return known?.challenge === challenge && known.redirect === form.get('redirect_uri');
  }

  return {
    ...{ issuer, elsewhere },
    /** From now on it answers nobody, as if it were killed. */
    close: () => {
      server.close();
      server.closeAllConnections();
    },
    /** It is back where it was. */
    reopen: () => listen(port),
  };
}
