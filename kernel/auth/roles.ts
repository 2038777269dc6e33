declare const isRole: unique symbol;

/** A role that definitions ask for: tokens carry its name in their `roles`. */
export type Role = string & { readonly [isRole]: true };

/**
 * The roles of an application, by their names. Definitions take them from here, so that a role
 * that doesn't exist doesn't compile.
 */
export const defineRoles = <Name extends string>(...names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, name])) as {
    readonly [N in Name]: N & Role;
  };

/**
 * The roles that the kernel itself looks at: reading with `asOf` needs `operator`, and only a
 * `service`, such as a reactor, may say which event caused its command.
 */
export const { operator, service } = defineRoles('operator', 'service');
