import { defineRoles } from '@event-sourced/kernel/auth';

/** Every role of the system. Operators may read the past with `asOf`. */
export const roles = defineRoles('viewer', 'support', 'catalogue', 'operator');

export type RoleName = keyof typeof roles;
