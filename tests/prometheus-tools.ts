import { join } from 'node:path';
import { cached } from '#local-stack/base/cache.ts';
import { run, runOrFail } from '#local-stack/base/run.ts';

export type PrometheusTools = { prometheus: string; promtool: string };

/** Prometheus and promtool: those that are installed, or else those of Debian's package. */
export async function prometheusTools(): Promise<PrometheusTools> {
  const installed = await run('promtool', ['--version']).then(
    ({ code }) => code === 0,
    () => false,
  );
  if (installed) return { prometheus: 'prometheus', promtool: 'promtool' };
  const dir = await cached('prometheus-debian', async (into) => {
    // It is unpacked only: installed, it would run as a service.
    await runOrFail('apt-get', ['download', 'prometheus'], { cwd: into }).catch((cause) => {
      throw new Error('This test needs promtool and prometheus: install them.', { cause });
    });
    await runOrFail('sh', ['-c', 'dpkg -x prometheus_*.deb . && rm prometheus_*.deb'], {
      cwd: into,
    });
  });
  const program = (name: string) => join(dir, 'usr', 'bin', name);
  return { prometheus: program('prometheus'), promtool: program('promtool') };
}
