import { serialize } from 'node:v8';
import { LRUCache } from 'lru-cache';
import type { Query } from '../query.ts';

/** What a URL asks for. */
export type Asked = {
  /** As the query's schema has parsed it. Requests share it, so it can't be changed. */
  input: Record<string, unknown>;
  /** The same for all URLs that ask for the same. */
  key: string;
  /** The query parameters that are not the query's own. */
  asOf: unknown;
  consistency: unknown;
};

/**
 * Remembers what the URLs that were used last ask for, since reading them costs more than giving a
 * kept answer. Their memory is bounded, and other spellings of a URL have its key.
 */
export class AskedUrls {
  readonly #known = new LRUCache<string, Asked>({
    max: 5_000,
    maxSize: 2_000_000,
    sizeCalculation: ({ key }, url) => url.length + key.length,
  });

  /** Undefined for a URL that isn't remembered. */
  known(url: string): Asked | undefined {
    return this.#known.get(url);
  }

  /** @param read reads the URL; what it throws is not remembered. */
  of(url: string, read: () => Asked): Asked {
    const known = this.#known.get(url);
    if (known) return known;
    const asked = read();
    this.#known.set(url, asked);
    return asked;
  }
}

/** @param input the parsed parameters; they are frozen. */
export function asked({ route }: Query, input: Asked['input'], others: Others): Asked {
  const key = serialize([route, input]).toString('latin1');
  return { input: frozen(input), key, ...others };
}

type Others = Pick<Asked, 'asOf' | 'consistency'>;

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}
