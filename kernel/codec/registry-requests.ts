import { z } from 'zod';

/** The registry doesn't answer, or answers with an unexpected status: try again later. */
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

const Refusal = z.object({ message: z.string() });

/** Requests to a schema registry. User and password may stand in its URL; no message shows them. */
export function registryRequests(url: string, { timeoutMs }: { timeoutMs: number }): AskRegistry {
  const shown = withoutPassword(url);
  const headers = {
    'content-type': 'application/vnd.schemaregistry.v1+json',
    ...authorization(url),
  };
  return async (path, type, { method = 'GET', body, refusals = [] } = {}) => {
    try {
      const response = await fetch(`${shown.replace(/\/$/, '')}/${path}`, {
        ...{ method, headers },
        // Without it, a registry that accepts connections and is silent would never be given up.
        signal: AbortSignal.timeout(timeoutMs),
        ...(body && { body: JSON.stringify(body) }),
      });
      const { ok, status } = response;
      if (ok) return { ok, body: type.parse(await response.json()) };
      const { data: refusal } = Refusal.safeParse(await response.json().catch(() => null));
      if (refusal && refusals.includes(status)) return { ok, status, message: refusal.message };
      throw new Error(refusal?.message ?? `status ${status}`);
    } catch (error) {
      throw registryAway(url, reasonOf(error as Error), error);
    }
  };
}

/** fetch hides why a connection failed behind "fetch failed". */
const reasonOf = ({ message, cause }: Error): string =>
  cause instanceof Error ? cause.message : message;

export function registryAway(url: string, reason: string, cause: unknown): RegistryAwayError {
  const shown = withoutPassword(url);
  const message = `The schema registry at ${shown} gave no answer (${reason}). Is it running?`;
  return new RegistryAwayError(message, { cause });
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
