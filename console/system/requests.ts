import { Store } from './store.ts';

/** A request that the console has sent, as a person would send it with curl. */
export type SentRequest = { id: number; method: string; url: string; curl: string };

const kept = 12;
let count = 0;

/** The newest requests first; each kind of request once. */
export const requests = new Store<readonly SentRequest[]>([]);

export async function note(request: Request): Promise<void> {
  const { method, url } = request;
  const body = method === 'GET' ? '' : await request.clone().text();
  count += 1;
  const sent = { id: count, method, url, curl: curlOf(request, body) };
  requests.update((before) =>
    [sent, ...before.filter((one) => one.method !== method || one.url !== url)].slice(0, kept),
  );
}

const shown = ['idempotency-key', 'consistency-token', 'content-type', 'if-match'];

function curlOf({ method, url, headers }: Request, body: string): string {
  const lines = [`curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(url)}`];
  if (headers.has('authorization')) lines.push('-H "Authorization: Bearer $TOKEN"');
  for (const name of shown) {
    const value = headers.get(name);
    if (value) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  }
  if (body) lines.push(`-d ${quoted(body)}`);
  return lines.join(' \\\n  ');
}

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
