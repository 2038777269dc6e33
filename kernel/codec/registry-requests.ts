import { z } from 'zod';

/** The registry gives no answer of its own: try again later. The message names setting and cure. */
export class RegistryAwayError extends Error {
  override name = 'RegistryAwayError';
}

/** What the registry answers: what was asked for, or a refusal that the caller expects. */
export type RegistryAnswer<Body> =
  | { ok: true; body: Body }
  | { ok: false; status: number; message: string };

export type RegistryRequest = {
  /** GET if left out. */
  method?: 'POST' | 'PUT';
  body?: object;
  /** The statuses of refusals that the caller expects. */
  refusals?: readonly number[];
};

/** @throws RegistryAwayError for no answer, an unexpected status, or a body of another type. */
export type AskRegistry = <Body>(
  path: string,
  type: z.ZodType<Body>,
  request?: RegistryRequest,
) => Promise<RegistryAnswer<Body>>;

export type RegistryAddress = {
  /** User and password may stand in it; no message shows them. */
  url: string;
  /** What the URL was given by, for messages: SCHEMA_REGISTRY_URL if left out. */
  setting?: string | undefined;
};

const Refusal = z.object({ error_code: z.int(), message: z.string() });

/** Subject, version, schema, and settings of a subject: what a registry may say it doesn't have. */
const notFound = new Set([40401, 40402, 40403, 40408]);

/**
 * Whether it is the registry that refuses. A proxy on the way and a URL without its path answer 404
 * too, which must not be taken for "there is no such schema".
 */
const isOwn = (status: number, code: number) =>
  status === 404 ? notFound.has(code) : `${code}`.startsWith(`${status}`);

/** Requests to a schema registry. */
export function registryRequests(
  { url, setting }: RegistryAddress,
  { timeoutMs }: { timeoutMs: number },
): AskRegistry {
  const base = withoutPassword(url).replace(/\/$/, '');
  const headers = {
    'content-type': 'application/vnd.schemaregistry.v1+json',
    ...authorization(url),
  };
  return async (path, type, { method = 'GET', body, refusals = [] } = {}) => {
    try {
      const response = await fetch(`${base}/${path}`, {
        ...{ method, headers },
        // Without it, a registry that accepts connections and is silent would never be given up.
        signal: AbortSignal.timeout(timeoutMs),
        ...(body && { body: JSON.stringify(body) }),
      });
      const { ok, status } = response;
      const answer: unknown = await response.json().catch((error: Error) => {
        if (error.name !== 'SyntaxError') throw error;
        return null;
      });
      const wanted = ok ? type.safeParse(answer) : undefined;
      if (wanted?.success) return { ok: true, body: wanted.data };
      const { data: refusal } = Refusal.safeParse(answer);
      const isExpected = refusal && refusals.includes(status) && isOwn(status, refusal.error_code);
      if (isExpected) return { ok: false, status, message: refusal.message };
      throw new StrangeAnswer(status, refusal?.message);
    } catch (error) {
      throw registryAway({ url, setting }, error);
    }
  };
}

/** An answer that is none of a registry, or one that this client has no use for. */
class StrangeAnswer extends Error {
  readonly status: number;
  constructor(status: number, message = '') {
    super(`status ${status}${message && `: ${message}`}`);
    this.status = status;
  }
}

/** @param error of the request. */
export function registryAway(
  { url, setting = 'SCHEMA_REGISTRY_URL' }: RegistryAddress,
  error: unknown,
): RegistryAwayError {
  const at = `The schema registry at ${withoutPassword(url)}`;
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
  const message = `${at} ${whatHappened(error as Error, status)}. ${cureOf(status, setting)}`;
  return new RegistryAwayError(message, { cause: error });
}

/** fetch hides why a connection failed behind "fetch failed". */
const whatHappened = ({ message, cause }: Error, status: number): string => {
  if (status === 0) return `gave no answer (${cause instanceof Error ? cause.message : message})`;
  return `gave an answer that a registry doesn't give to this request (${message})`;
};

function cureOf(status: number, setting: string): string {
  if (status === 0) return `Start it, or set ${setting} to where it is.`;
  if (status === 401 || status === 403) {
    return `Put its user and password into ${setting}, as http://USER:PASSWORD@HOST.`;
  }
  if (status >= 500) return `Look into its log, or set ${setting} to a registry that works.`;
  return `Set ${setting} to its whole URL, with the path, as http://HOST:8081/apis/ccompat/v7.`;
}

/** A URL as it may be shown. */
export function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

function authorization(url: string): { authorization?: string } {
  const { username, password } = new URL(url);
  if (!username) return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
}
