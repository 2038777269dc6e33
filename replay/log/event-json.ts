import { isErased, isPersonalText, openedText } from '#kernel/personal-text.ts';

/** Replaces personal text by its text if it is unencrypted or erased, else by its key and bytes. */
export function opened(value: unknown): unknown {
  if (isPersonalText(value)) {
    const { keyId, body } = value;
    if (keyId === null || isErased(value)) return openedText(value);
    return { keyId, body: body.toString('base64') };
  }
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, opened(part)]));
}
