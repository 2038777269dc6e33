/** What a schema says of a value of another type; of none it says that it is required. */
export const required = (message: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? 'is required' : message),
});
