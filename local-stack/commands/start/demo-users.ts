import type { RoleName } from '#schemas/roles.ts';

/** Whom one may be in a system on this machine. */
export const demoUsers: { user: string; roles: RoleName[] }[] = [
  { user: 'alice', roles: ['viewer'] },
  { user: 'sam', roles: ['support', 'viewer'] },
  { user: 'carol', roles: ['catalogue'] },
  { user: 'olga', roles: ['operator'] },
];
