/** Starts now. @returns a function that tells the time since, and this process's CPU time. */
export function stopwatch(): () => { seconds: number; cpuSeconds: number } {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return {
      seconds: (performance.now() - startedAt) / 1_000,
      cpuSeconds: (user + system) / 1e6,
    };
  };
}
