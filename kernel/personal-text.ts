/**
 * Text that a person wrote, as events, states and views carry it. With a `keyId` it is encrypted,
 * so that forgetting the key forgets the text; without one the body is UTF-8.
 */
export type PersonalText = { keyId: string | null; nonce: Buffer; body: Buffer };

const none = Buffer.alloc(0);

/** Makes a person's text ready for an event, not encrypted. */
export const personalText = (text: string): PersonalText => ({
  keyId: null,
  nonce: none,
  body: Buffer.from(text, 'utf8'),
});

/** The text that the person wrote. @throws Error if it is encrypted: no keys are kept yet. */
export function openedText({ keyId, body }: PersonalText): string {
  if (keyId !== null) throw new Error(`The text is encrypted with ${keyId}.`);
  return body.toString('utf8');
}
