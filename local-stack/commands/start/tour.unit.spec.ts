import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { settings } from '#schemas/config.ts';
import { tour } from './tour.ts';

describe('the tour', () => {
  it('finds the consistency token in an answer', () => {
    const lines = tour(settings.read({}), 'm7').flatMap((stop) => stop.lines);
    const line = lines.find((line) => line.startsWith('SEEN='))!;
    const command = line.replace(
      /curl [^|]* \|/,
      `echo '{"version":1,"token":"abc.d-e","x":"y"}' |`,
    );
    expect(execFileSync('sh', ['-c', `${command}; echo $SEEN`]).toString()).toBe('abc.d-e\n');
  });
});
