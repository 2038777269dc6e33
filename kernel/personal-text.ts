import { PersonKey, TamperedTextError } from './personal/person-key.ts';
import { Problem } from './problems.ts';

/**
 * Text that a person wrote, as events, states and views carry it. With a `keyId` it is encrypted,
 * so that forgetting the key forgets the text; without one the body is UTF-8.
 */
export type PersonalText = { keyId: string | null; nonce: Buffer; body: Buffer };

const none = Buffer.alloc(0);

/** Stands for each text whose key is destroyed because somebody was erased. */
export const erasedText = '[erased]';

/** Stands for a text that can't be opened although nobody was erased: operators are told why. */
export const unreadableText = '[unreadable]';

/** A text about somebody who was erased, and is not back: no key could open it. */
const erasedId = 'erased';
export const erasedFromBirth: PersonalText = { keyId: erasedId, nonce: none, body: none };

/**
 * A key; or that it is destroyed, wrapped by a master key that this process wasn't given, or
 * missing although it should be there. Undefined while the topic of keys has to be read on.
 */
export type KnownKey = PersonKey | 'erased' | 'locked' | 'missing' | undefined;

export const unreadableReasons = ['key-missing', 'tampered'] as const;
type UnreadableReason = (typeof unreadableReasons)[number];

/** Something that knows keys, such as what follows the topic of keys. */
export type Keys = {
  find(keyId: string): KnownKey;
  /** A text can't be opened, for a reason that no erasure explains. */
  unreadable(keyId: string, reason: UnreadableReason): void;
};

/**
 * All that this process knows of keys. Their ids are random, so a fold or an answer gets a text
 * without saying where its key is.
 */
const known = new Set<Keys>();

/** @returns a function that takes them away again. */
export function registerKeys(keys: Keys): () => void {
  known.add(keys);
  return () => void known.delete(keys);
}

export function keyOf(keyId: string): KnownKey {
  let found: KnownKey;
  for (const keys of known) {
    const key = keys.find(keyId);
    if (key !== undefined && key !== 'missing') return key;
    found ??= key;
  }
  return found;
}

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
 * The text that the person wrote; `[erased]`; or `[unreadable]` where its key is lost.
 * @throws KeyUnknownError; Problem if the master key of its key is missing.
 */
export function openedText({ keyId, nonce, body }: PersonalText): string {
  if (keyId === null) return body.toString('utf8');
  if (keyId === erasedId) return erasedText;
  const key = keyOf(keyId);
  if (key === undefined) throw new KeyUnknownError(keyId);
  if (key === 'erased') return erasedText;
  if (key === 'locked') {
    throw new Problem('part-away', 'The master key of a text is missing in MASTER_KEY.');
  }
  if (key === 'missing') return unreadable(keyId, 'key-missing');
  try {
    return key.open({ nonce, body });
  } catch (error) {
    if (error instanceof TamperedTextError) return unreadable(keyId, 'tampered');
    throw error;
  }
}

/** Whether the person was erased who wrote it, as far as it is known here. */
export const isErased = ({ keyId }: PersonalText): boolean =>
  keyId !== null && (keyId === erasedId || keyOf(keyId) === 'erased');

function unreadable(keyId: string, reason: UnreadableReason): string {
  for (const keys of known) keys.unreadable(keyId, reason);
  return unreadableText;
}

/**
 * Whether a text stands already. One that was erased, or can't be opened, is the same as no other.
 * @throws KeyUnknownError
 */
export function sameText(stands: PersonalText | null, text: string | null): boolean {
  if (stands === null || text === null) return stands === text;
  if (stands.keyId === null) return stands.body.equals(Buffer.from(text, 'utf8'));
  if (stands.keyId === erasedId) return false;
  const key = keyOf(stands.keyId);
  if (key === undefined) throw new KeyUnknownError(stands.keyId);
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
