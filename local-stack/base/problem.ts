/** A problem that the user can solve; the message says in one line what it is and how. */
export class Problem extends Error {
  override name = 'Problem';
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** For the last `catch` of a program: prints why it failed, and ends it. */
export function endInFailure(error: unknown): never {
  console.error(messageOf(error));
  process.exit(1);
}
