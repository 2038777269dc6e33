import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { WorkDurations } from './messaging-metrics.ts';

const labels = (operation: string) =>
  `messaging_system_name="kafka",messaging_operation_name="${operation}"`;

describe('durations of work on messages', () => {
  it.each([
    ['send', conventions.METRIC_MESSAGING_CLIENT_OPERATION_DURATION],
    ['process', conventions.METRIC_MESSAGING_PROCESS_DURATION],
  ] as const)('of kind %s have the name %s', async (operation, convention) => {
    const registry = new Registry();
    await new WorkDurations(registry, operation).of(async () => {});
    const name = `${convention.replaceAll('.', '_')}_seconds`;
    expect(await registry.metrics()).toContain(`${name}_count{${labels(operation)}} 1\n`);
  });

  it('are noted of work that fails, too, with the error’s name', async () => {
    const registry = new Registry();
    const durations = new WorkDurations(registry, 'process');
    expect(await durations.of(async () => 5)).toBe(5);
    const fails = async () => {
      throw new TypeError('no');
    };
    await expect(durations.of(fails)).rejects.toThrow('no');
    const metrics = await registry.metrics();
    expect(metrics).toContain(`_count{${labels('process')}} 1\n`);
    expect(metrics).toMatch(/_count\{.*,error_type="TypeError"\} 1\n/);
  });

  it('begin anew when a service opens its parts again', async () => {
    const registry = new Registry();
    await new WorkDurations(registry, 'send').of(async () => {});
    new WorkDurations(registry, 'send');
    expect(await registry.metrics()).not.toContain('_count{messaging');
  });
});
