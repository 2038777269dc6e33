/**
 * True from the first time on. If an API were unready while a part is away that all its processes
 * need, then load balancers would have none left to send requests to, and clients would get no
 * 503 with `Retry-After`.
 */
export function once(isSo: () => boolean): () => boolean {
  let was = false;
  return () => {
    was ||= isSo();
    return was;
  };
}
