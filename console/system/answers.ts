import { QueryClient } from '@tanstack/react-query';

/** The answers of the APIs that are kept for the screen. */
export const answers = new QueryClient({
  defaultOptions: {
    // The client repeats requests by itself.
    queries: { retry: false, staleTime: 2_000, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});
