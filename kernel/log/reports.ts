/** Reports a failure that is being retried; the key says which one. */
export type Report = (key: string, message: string) => void;

const againAfterMs = 10_000;

/** Reports the first failure of each key at once, and one every ten seconds while they last. */
export const throttledReports = (onWarning: ((message: string) => void) | undefined): Report => {
  const reportedAt = new Map<string, number>();
  return (key, message) => {
    const now = performance.now();
    if (now - (reportedAt.get(key) ?? Number.NEGATIVE_INFINITY) < againAfterMs) return;
    reportedAt.set(key, now);
    onWarning?.(message);
  };
};
