import { PersonKey } from './personal/person-key.ts';
import { Problem } from './problems.ts';

/**
 * Text that a person wrote, as events, states and views carry it. With a `keyId` it is encrypted,
 * so that forgetting the key forgets the text; without one the body is UTF-8.
 */
export type PersonalText = { keyId: string | null; nonce: Buffer; body: Buffer };

const none = Buffer.alloc(0);

/** Stands for each text whose key is destroyed. */
export const erasedText = '[erased]';

/** A text about somebody who was erased, and is not back: no key could open it. */
const erasedId = 'erased';
export const erasedFromBirth: PersonalText = { keyId: erasedId, nonce: none, body: none };

/** The state of a key in this process: there, destroyed, or wrapped by a key that is missing. */
export type KnownKey = PersonKey | 'destroyed' | 'locked';

/**
 * The keys that this process knows, of all topics of keys that it follows: their ids are random.
 * A fold or an answer gets a text without saying where its key is.
 */
export const knownKeys = new Map<string, KnownKey>();

/** The key of a text is not known here yet: the topic of keys has to be read on. */
export class KeyUnknownError extends Error {
  override name = 'KeyUnknownError';
  readonly keyId: string;
  constructor(keyId: string) {
    super(`The key ${keyId} isn't known.`);
    this.keyId = keyId;
  }
}

/** Makes a person's text ready for an event. It is encrypted when its event is appended. */
export const personalText = (text: string): PersonalText => ({
  keyId: null,
  nonce: none,
  body: Buffer.from(text, 'utf8'),
});

/**
 * The text that the person wrote, or `[erased]`.
 * @throws KeyUnknownError; Problem if the master key of its key is missing.
 */
export function openedText({ keyId, nonce, body }: PersonalText): string {
  if (keyId === null) return body.toString('utf8');
  if (keyId === erasedId) return erasedText;
  const key = knownKeys.get(keyId);
  if (key === undefined) throw new KeyUnknownError(keyId);
  if (key === 'destroyed') return erasedText;
  if (key !== 'locked') return key.open({ nonce, body });
  throw new Problem('part-away', 'The master key of a text is missing in MASTER_KEY.');
}

/** Whether a text stands already. One that was erased is the same as no other. */
export function sameText(stands: PersonalText | null, text: string | null): boolean {
  if (stands === null || text === null) return stands === text;
  if (stands.keyId === null) return stands.body.equals(Buffer.from(text, 'utf8'));
  const key = knownKeys.get(stands.keyId);
  return key instanceof PersonKey && key.isOf(stands, text);
}

/** Whether a value is a person's text. */
export const isPersonalText = (value: unknown): value is PersonalText =>
  typeof value === 'object' &&
  value !== null &&
  'keyId' in value &&
  'nonce' in value &&
  'body' in value &&
  Buffer.isBuffer(value.body);
