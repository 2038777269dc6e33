import { describe, expect, it } from 'vitest';
import { serverProperties } from './kafka.ts';

describe('broker settings', () => {
  const node = (id: number) => ({ id, port: 9000 + id, controllerPort: 8000 + id, dir: '/data' });

  it('ask one broker for one copy', () => {
    const properties = serverProperties(node(1), [node(1)]);
    expect(properties).toContain('\ndefault.replication.factor=1\nmin.insync.replicas=1\n');
    expect(properties).toContain('\nauto.create.topics.enable=false\n');
  });

  it('ask three brokers for three copies, two of them in sync', () => {
    const properties = serverProperties(node(2), [node(1), node(2), node(3)]);
    expect(properties).toContain('\ndefault.replication.factor=3\nmin.insync.replicas=2\n');
    expect(properties).toContain('\ntransaction.state.log.min.isr=2\n');
    expect(properties).toContain('=1@127.0.0.1:8001,2@127.0.0.1:8002,3@127.0.0.1:8003\n');
  });
});
