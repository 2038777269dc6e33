import { defineRoles } from '@event-sourced/kernel/auth';

/**
 * Every role of the system. Operators may read the past with `asOf`; services may say which event
 * caused their commands.
 */
export const roles = defineRoles('viewer', 'support', 'catalogue', 'operator', 'service');

export type RoleName = keyof typeof roles;
