import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import { isGuessable } from '../auth/secret-strength.ts';
import { keyBytes } from './person-key.ts';

/** The keys that wrap persons' keys: the first one wraps, and each of them unwraps. */

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** A person's key as it is stored: of no use without the master key. */
export type Wrapped = { master: string; bytes: Buffer };

/** A person's key is wrapped by a master key that this process was not given. */
export class MasterKeyMissingError extends Error {
  override name = 'MasterKeyMissingError';
}

/** A master key's name: it tells nothing about the key. */
const nameOf = (key: Buffer): string =>
  hash('sha256', Buffer.concat([Buffer.from('master key '), key]), 'hex').slice(0, 12);

export class MasterKeys {
  readonly #keys: ReadonlyMap<string, Buffer>;
  /** The name of the key that wraps. */
  readonly current: string;

  /** @param keys the one that wraps, and then those that only unwrap; 32 bytes each. */
  constructor(keys: readonly Buffer[]) {
    this.#keys = new Map(keys.map((key) => [nameOf(key), key]));
    const [current] = this.#keys.keys();
    if (current === undefined) throw new TypeError('There is no master key.');
    this.current = current;
  }

  has = (name: string): boolean => this.#keys.has(name);

  wrap(keyId: string, material: Buffer): Wrapped {
    const iv = randomBytes(ivBytes);
    const key = this.#keys.get(this.current) as Buffer;
    const encryption = createCipheriv(cipher, key, iv).setAAD(Buffer.from(keyId));
    const encrypted = [encryption.update(material), encryption.final()];
    const bytes = Buffer.concat([iv, ...encrypted, encryption.getAuthTag()]);
    return { master: this.current, bytes };
  }

  /** @throws MasterKeyMissingError, or Error if the bytes are of no such key. */
  unwrap(keyId: string, { master, bytes }: Wrapped): Buffer {
    const key = this.#keys.get(master);
    if (!key) {
      const cure = 'add it to MASTER_KEY, after a comma';
      throw new MasterKeyMissingError(`The master key ${master} wraps keys of persons: ${cure}.`);
    }
    const tagAt = bytes.length - tagBytes;
    const options = { authTagLength: tagBytes };
    const decryption = createDecipheriv(cipher, key, bytes.subarray(0, ivBytes), options);
    decryption.setAAD(Buffer.from(keyId)).setAuthTag(bytes.subarray(tagAt));
    const plain = decryption.update(bytes.subarray(ivBytes, tagAt));
    return Buffer.concat([plain, decryption.final()]);
  }
}

/** The keys in a setting: 32 bytes each in Base64, joined with commas; null if one is not. */
export function masterKeysIn(text: string): Buffer[] | null {
  const keys = text.split(',').map((key) => Buffer.from(key.trim(), 'base64'));
  return keys.every((key) => key.length === keyBytes) ? keys : null;
}

/**
 * Whether the key that wraps is easy to guess, such as 32 times the same byte. Former ones may be:
 * only with them can what they have wrapped be wrapped anew.
 */
export function isGuessableMasterKey(text: string): boolean {
  const [current = ''] = text.split(',', 1);
  const bytes = Buffer.from(current.trim(), 'base64').toString('latin1');
  return isGuessable(current.trim()) || isGuessable(bytes);
}
