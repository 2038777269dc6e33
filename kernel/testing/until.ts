/** Waits for a condition, never for a time. At the limit the test fails instead of hanging. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { limitMs = 30_000 } = {},
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Still not so after ${limitMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
