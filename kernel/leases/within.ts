/** @throws Error with this message if the promise has not settled after `ms` milliseconds. */
export async function within<T>(
  ms: number,
  promise: Promise<T>,
  message = `no answer within ${Math.round(ms)} ms`,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
