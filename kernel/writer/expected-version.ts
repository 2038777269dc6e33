import type { Command } from '../aggregate.ts';
import type { Caller } from '../auth/tokens.ts';

/**
 * The version that a stream must have, or one of several; or whether the thing that the command is
 * about must be there or not. Null where anything will do.
 */
export type ExpectedVersion = number | readonly number[] | 'present' | 'absent' | null;

type Found = { version: number; state: unknown };
type Asked = {
  command: Command;
  input: unknown;
  caller: Caller;
  expectedVersion: ExpectedVersion;
};

/** Why a stream is not as its client expects it; null if it is. */
export function mismatch(asked: Asked, found: Found): string | null {
  const { command, input, caller, expectedVersion } = asked;
  const { version, state } = found;
  const { aggregate } = command;
  const isThere = () =>
    command.isThere?.(state, input, caller) ?? aggregate.isThere?.(state) ?? version > 0;
  switch (expectedVersion) {
    case null:
      return null;
    case 'present':
      return isThere() ? null : 'There is nothing yet; send If-None-Match: * to make it.';
    case 'absent':
      return isThere() ? `It is there already, with version ${version}; read it.` : null;
    default: {
      const versions = [expectedVersion].flat();
      if (versions.includes(version)) return null;
      return `The version is ${version}, not ${versions.join(' or ')}; read again.`;
    }
  }
}
