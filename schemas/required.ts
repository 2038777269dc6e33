/** The option of a zod type that reports `message` for a wrong value and `is required` for none. */
export const required = (message: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? 'is required' : message),
});
