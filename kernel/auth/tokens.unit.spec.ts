import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../problems.ts';
import { openTokens, signToken } from './tokens.ts';

const secret = 'a secret of at least 32 characters';
const key = new TextEncoder().encode(secret);
const tokens = openTokens({ secret });
const alice = { user: 'alice', roles: ['clerk'] as const, secret, ttlSeconds: 60 };

const signed = (claims: object, header: JWTHeaderParameters = { alg: 'HS256' }) =>
  new SignJWT({ ...claims }).setProtectedHeader(header);

const refusal = async (authorization: string, verifier = tokens): Promise<string> => {
  const error = await verifier.verify(authorization).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Problem);
  expect((error as Problem).code).toBe('unauthorized');
  return (error as Problem).message;
};

afterEach(() => void vi.useRealTimers());

describe('a token that is taken', () => {
  it('says who the caller is and which roles the caller has', async () => {
    const token = await signToken({ ...alice, roles: ['clerk', 'courier'] });
    const caller = await tokens.verify(`Bearer ${token}`);
    expect(caller).toMatchObject({ userId: 'alice', roles: new Set(['clerk', 'courier']) });
  });

  it('may be missing: then nobody is known', async () => {
    expect(await tokens.verify(undefined)).toBeNull();
  });

  it('may name any roles, or none', async () => {
    const odd = await signed({ roles: ['clerk', 'emperor'] })
      .setSubject('bob')
      .setExpirationTime('1m')
      .sign(key);
    expect((await tokens.verify(`Bearer ${odd}`))?.roles).toEqual(new Set(['clerk', 'emperor']));
    const none = await signed({}).setSubject('bob').setExpirationTime('1m').sign(key);
    expect((await tokens.verify(`bearer ${none}`))?.roles).toEqual(new Set());
  });

  it.each([
    ['RFC 9068', { typ: 'at+jwt' }, {}],
    ['RFC 9068, with the type in full', { typ: 'application/AT+JWT' }, {}],
    ['Auth0 and Entra', { typ: 'JWT' }, {}],
    ['Okta', {}, { ver: 1 }],
    ['Keycloak', { typ: 'JWT' }, { typ: 'Bearer' }],
    ['Keycloak before 24', { typ: 'JWT' }, { typ: 'Bearer', nonce: 'n' }],
    ['Cognito', {}, { token_use: 'access' }],
    ['Django', { typ: 'JWT' }, { token_type: 'access' }],
  ])('may be an access token as of %s', async (_, header, claims) => {
    const token = await signed({ ...claims, sub: 'bob' }, { alg: 'HS256', ...header })
      .setExpirationTime('1m')
      .sign(key);
    expect((await tokens.verify(`Bearer ${token}`))?.userId).toBe('bob');
  });

  it('may have expired by less than the clocks may differ', async () => {
    const now = Math.floor(Date.now() / 1000);
    const token = await signed({})
      .setSubject('bob')
      .setExpirationTime(now - 20)
      .sign(key);
    expect((await tokens.verify(`Bearer ${token}`))?.userId).toBe('bob');
  });
});

describe('a token that is refused', () => {
  it('has expired, even if it was taken before', async () => {
    const token = `Bearer ${await signToken(alice)}`;
    await tokens.verify(token);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 91_000 });
    expect(await refusal(token)).toMatch(/expired/);
  });

  it('never expires', async () => {
    const token = await signed({}).setSubject('bob').sign(key);
    expect(await refusal(`Bearer ${token}`)).toMatch(/`exp`/);
  });

  it('is not valid yet', async () => {
    const token = await signed({})
      .setSubject('bob')
      .setNotBefore('5m')
      .setExpirationTime('9m')
      .sign(key);
    expect(await refusal(`Bearer ${token}`)).toMatch(/`nbf`/);
  });

  it('is unsigned', async () => {
    const token = new UnsecuredJWT({}).setSubject('bob').setExpirationTime('1m').encode();
    await refusal(`Bearer ${token}`);
    await refusal(`Bearer ${token}x`);
  });

  it('is signed with another key', async () => {
    const token = await signToken({ ...alice, secret: `${secret}!` });
    expect(await refusal(`Bearer ${token}`)).toMatch(/key not trusted/);
  });

  it('is signed in another way', async () => {
    const rsa = await generateKeyPair('RS256');
    const ways = [
      await signed({}, { alg: 'HS512' })
        .setSubject('bob')
        .setExpirationTime('1m')
        .sign(new Uint8Array(64)),
      await signed({}, { alg: 'RS256' })
        .setSubject('bob')
        .setExpirationTime('1m')
        .sign(rsa.privateKey),
    ];
    for (const token of ways) expect(await refusal(`Bearer ${token}`)).toMatch(/accepted way/);
  });

  it.each([
    ['nobody', undefined],
    ['an empty name', ''],
    ['a name with a line break', 'alice\n'],
    ['a name with an invisible character', 'ali\u200bce'],
    ['a name of 129 characters', 'a'.repeat(129)],
    ['a number', 7],
  ])('is for %s', async (_, sub) => {
    const token = await signed(sub === undefined ? {} : { sub })
      .setExpirationTime('1m')
      .sign(key);
    expect(await refusal(`Bearer ${token}`)).toMatch(/`sub`/);
  });

  it('has roles that are not a list', async () => {
    const token = await signed({ roles: 'clerk' })
      .setSubject('bob')
      .setExpirationTime('1m')
      .sign(key);
    expect(await refusal(`Bearer ${token}`)).toMatch(/`roles`/);
  });

  it('is of another issuer or for another audience', async () => {
    const strict = openTokens({ secret, issuer: 'us', audience: 'parcels' });
    const both = await signToken({ ...alice, issuer: 'us', audience: 'parcels' });
    expect((await strict.verify(`Bearer ${both}`))?.userId).toBe('alice');
    const other = await signToken({ ...alice, issuer: 'them', audience: 'parcels' });
    expect(await refusal(`Bearer ${other}`, strict)).toMatch(/`iss`/);
    const elsewhere = await signToken({ ...alice, issuer: 'us' });
    expect(await refusal(`Bearer ${elsewhere}`, strict)).toMatch(/`aud`/);
  });

  it.each([
    ['an ID token, by its nonce', {}, { nonce: 'n' }],
    ['an ID token, by the hash of its access token', { typ: 'JWT' }, { at_hash: 'h' }],
    ['an ID token of Keycloak', { typ: 'JWT' }, { typ: 'ID' }],
    ['a refresh token of Keycloak', { typ: 'JWT' }, { typ: 'Refresh' }],
    ['an ID token of Cognito', {}, { token_use: 'id' }],
    ['a refresh token of Django', { typ: 'JWT' }, { token_type: 'refresh' }],
    ['a refresh token of Flask', { typ: 'JWT' }, { type: 'refresh' }],
    ['a logout token', { typ: 'logout+jwt' }, {}],
    ['a logout token without a type', {}, { events: {} }],
    ['a proof of possession', { typ: 'dpop+jwt' }, {}],
    ['a refresh token that claims to be an access token', { typ: 'at+jwt' }, { typ: 'Refresh' }],
  ])('is %s', async (_, header, claims) => {
    const token = await signed({ ...claims, sub: 'bob' }, { alg: 'HS256', ...header })
      .setExpirationTime('1m')
      .sign(key);
    expect(await refusal(`Bearer ${token}`)).toMatch(/not an access token\. .*`\w+`/);
  });

  it('is of a type that is not set', async () => {
    const strict = openTokens({ secret, types: ['at+jwt'] });
    const plain = await signed({ sub: 'bob' }).setExpirationTime('1m').sign(key);
    expect(await refusal(`Bearer ${plain}`, strict)).toMatch(/`typ` is jwt; accepted: at\+jwt/);
    const own = await signToken(alice);
    expect((await strict.verify(`Bearer ${own}`))?.userId).toBe('alice');
  });

  it('is no token at all, whatever it is', async () => {
    await refusal('Basic YWxpY2U6c2VjcmV0');
    await refusal('Bearer');
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => void (await refusal(`Bearer ${text}`))),
    );
    const parts = fc.array(fc.base64String(), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(parts, async (three) => void (await refusal(`Bearer ${three.join('.')}`))),
    );
  });
});

describe('with keys at a URL', () => {
  const ours = { issuer: 'us', audience: 'parcels' };
  const claims = { iss: 'us', aud: 'parcels' };
  const served = async (body: () => object) => {
    const server = createServer((_, res) => res.end(JSON.stringify(body())));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
  };

  it('takes tokens that these keys signed, none signed with a public key as a secret', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
    const { server, url } = await served(() => ({ keys: [jwk] }));
    const byUrl = openTokens({ jwksUrl: url, ...ours });
    const header = { alg: 'ES256', kid: 'k1' };
    const token = await signed(claims, header)
      .setSubject('bob')
      .setExpirationTime('1m')
      .sign(privateKey);
    expect((await byUrl.verify(`Bearer ${token}`))?.userId).toBe('bob');
    const confused = await signed(claims, { alg: 'HS256', kid: 'k1' })
      .setSubject('bob')
      .setExpirationTime('1m')
      .sign(new TextEncoder().encode(JSON.stringify(jwk)));
    await refusal(`Bearer ${confused}`, byUrl);
    const unknown = await signed(claims, { ...header, kid: 'k2' })
      .setSubject('bob')
      .setExpirationTime('1m')
      .sign(privateKey);
    await refusal(`Bearer ${unknown}`, byUrl);
    server.close();
  });

  it('says that a part is away while the keys are out of reach', async () => {
    const { server, url } = await served(() => ({}));
    server.close();
    const { privateKey } = await generateKeyPair('ES256');
    const token = await signed({}, { alg: 'ES256' })
      .setSubject('bob')
      .setExpirationTime('1m')
      .sign(privateKey);
    const verified = openTokens({ jwksUrl: url, ...ours }).verify(`Bearer ${token}`);
    await expect(verified).rejects.toMatchObject({ code: 'part-away', status: 503 });
  });
});

it('needs one kind of key, not none and not two', () => {
  expect(() => openTokens({})).toThrow(/AUTH_SECRET/);
  expect(() => openTokens({ secret, jwksUrl: 'http://localhost/' })).toThrow(/not both/);
});

it.each([{ issuer: 'us' }, { audience: 'parcels' }, {}])(
  'needs issuer and audience with keys at a URL, not only %o',
  (some) => {
    const jwksUrl = 'https://issuer.example/jwks';
    expect(() => openTokens({ jwksUrl, ...some })).toThrow(/AUTH_ISSUER and AUTH_AUDIENCE/);
  },
);
