import { z } from 'zod';
import { required } from './required.ts';

const text = (maximum: number) =>
  z
    .string(required('must be text'))
    .trim()
    .min(1, 'must not be empty')
    .max(maximum, `must have at most ${maximum} characters`);

/** What a person writes in one line: no control characters, no broken ones. */
export const WrittenLine = (maximum: number) =>
  text(maximum).regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters');

/** What a person writes: line breaks and tabs are the only control characters. */
export const WrittenText = (maximum: number) =>
  text(maximum).regex(
    /^(?:[^\p{Cc}\p{Cs}]|[\n\t])*$/u,
    'must not contain control characters but line breaks and tabs',
  );
