/** Tells about a trouble that is being retried; the key names what is troubled. */
export type Tell = (key: string, message: string) => void;

const againAfterMs = 10_000;

/** Passes on the first message of each key, and one every ten seconds while it lasts. */
export const teller = (onTrouble: ((message: string) => void) | undefined): Tell => {
  const toldAt = new Map<string, number>();
  return (key, message) => {
    const now = performance.now();
    if (now - (toldAt.get(key) ?? Number.NEGATIVE_INFINITY) < againAfterMs) return;
    toldAt.set(key, now);
    onTrouble?.(message);
  };
};
