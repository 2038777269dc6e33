/** The promise's value, or undefined once it is that late (a `performance.now()`). */
export async function before<T>(promise: Promise<T>, at: number): Promise<T | undefined> {
  if (at === Number.POSITIVE_INFINITY) return promise;
  // An AbortController would make an exception with a stack for each transaction.
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), Math.max(0, at - performance.now()));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
