/** Something the user can put right; the message is one line that says what and how. */
export class Problem extends Error {
  override name = 'Problem';
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
