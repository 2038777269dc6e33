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

/** The one role that the kernel asks for itself: reading with `asOf` needs it. */
export const { operator } = defineRoles('operator');
