/**
 * Work that never runs twice at once. Each caller gets a run that begins after the call; those who
 * call while one is under way share the next.
 */
export function shared(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  return () => {
    next ??= running
      .catch(() => {})
      .then(() => {
        running = next as Promise<void>;
        next = null;
        return work();
      });
    return next;
  };
}
