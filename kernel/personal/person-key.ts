import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** The key of one person. Who forgets it forgets all that it has encrypted. */

export const keyBytes = 32;
const ivBytes = 12;
const digestBytes = 16;
const tagBytes = 16;
const cipher = 'aes-256-gcm';

/** A text as events carry it, encrypted. */
export type Sealed = {
  keyId: string;
  /** The cipher's nonce, and after it the id of the event that the text was written for. */
  nonce: Buffer;
  /** A keyed digest of the text, the encrypted text, and the cipher's tag. */
  body: Buffer;
};

/** Bytes that this key has not made, or that were changed or moved since. */
export class TamperedTextError extends Error {
  override name = 'TamperedTextError';
}

export class PersonKey {
  readonly id: string;
  readonly #material: Buffer;
  readonly #parts = new Map<string, Buffer>();

  constructor(id: string, material: Buffer) {
    if (material.length !== keyBytes) throw new TypeError(`a key has ${keyBytes} bytes`);
    this.id = id;
    this.#material = material;
  }

  /** Each use has a key of its own (HKDF, RFC 5869). */
  #partFor(use: 'text' | 'digest' | 'request'): Buffer {
    const known = this.#parts.get(use);
    if (known) return known;
    const part = Buffer.from(hkdfSync('sha256', this.#material, this.id, use, keyBytes));
    this.#parts.set(use, part);
    return part;
  }

  /** AES-256-GCM, bound to the key's id and the event's. */
  seal(text: string, eventId: string): Sealed {
    const iv = randomBytes(ivBytes);
    const nonce = Buffer.concat([iv, Buffer.from(eventId.replaceAll('-', ''), 'hex')]);
    const plain = Buffer.from(text, 'utf8');
    const encryption = createCipheriv(cipher, this.#partFor('text'), iv);
    const digest = this.#digest(plain);
    encryption.setAAD(this.#bound(nonce, digest));
    const encrypted = [encryption.update(plain), encryption.final()];
    const body = Buffer.concat([digest, ...encrypted, encryption.getAuthTag()]);
    return { keyId: this.id, nonce, body };
  }

  /** @throws TamperedTextError */
  open({ nonce, body }: Omit<Sealed, 'keyId'>): string {
    try {
      const digest = body.subarray(0, digestBytes);
      const tagAt = body.length - tagBytes;
      const options = { authTagLength: tagBytes };
      const iv = nonce.subarray(0, ivBytes);
      const decryption = createDecipheriv(cipher, this.#partFor('text'), iv, options);
      decryption.setAAD(this.#bound(nonce, digest)).setAuthTag(body.subarray(tagAt));
      const plain = decryption.update(body.subarray(digestBytes, tagAt));
      return Buffer.concat([plain, decryption.final()]).toString('utf8');
    } catch (cause) {
      const message = `A text of the key ${this.id} can't be opened: its bytes were changed.`;
      throw new TamperedTextError(message, { cause });
    }
  }

  /** Whether this text was sealed, without opening it. */
  isOf({ body }: Pick<Sealed, 'body'>, text: string): boolean {
    return body.subarray(0, digestBytes).equals(this.#digest(Buffer.from(text, 'utf8')));
  }

  /** The hash of a request that carries the person's text: it confirms no guess without the key. */
  requestHash(hash: string): string {
    return createHmac('sha256', this.#partFor('request')).update(hash).digest('base64url');
  }

  #digest(plain: Buffer): Buffer {
    const hmac = createHmac('sha256', this.#partFor('digest')).update(plain);
    return hmac.digest().subarray(0, digestBytes);
  }

  #bound(nonce: Buffer, digest: Buffer): Buffer {
    return Buffer.concat([Buffer.from(this.id), nonce.subarray(ivBytes), digest]);
  }
}

/** The event that a sealed text was written for. */
export const sealedFor = ({ nonce }: Pick<Sealed, 'nonce'>): string => {
  const hex = nonce.toString('hex', ivBytes);
  const ends = [8, 12, 16, 20, 32];
  return ends.map((end, at) => hex.slice(at === 0 ? 0 : ends[at - 1], end)).join('-');
};
