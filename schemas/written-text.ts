import { z } from 'zod';
import { required } from './required.ts';

const text = (maximum: number) =>
  z
    .string(required('must be text'))
    .trim()
    .min(1, 'must not be empty')
    .max(maximum, `must have at most ${maximum} characters`);

/** One line of text by a person, without control characters and halves of surrogate pairs. */
export const WrittenLine = (maximum: number) =>
  text(maximum).regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters');

/** Text by a person: of the control characters it may have only line breaks and tabs. */
export const WrittenText = (maximum: number) =>
  text(maximum).regex(
    /^(?:[^\p{Cc}\p{Cs}]|[\n\t])*$/u,
    'must not contain control characters but line breaks and tabs',
  );
