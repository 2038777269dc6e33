/** The tool's exit codes, for scripts. */
export const exit = { done: 0, differs: 1, failed: 2, interrupted: 130 } as const;

/** An error that the user can mend; only its message is shown. */
export class ToolError extends Error {
  override name = 'ToolError';
}
