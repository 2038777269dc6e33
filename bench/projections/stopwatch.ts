/** Starts now. @returns how many seconds, and of this process's processor time, have gone by. */
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
