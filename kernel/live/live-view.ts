import type { Role } from '../auth/roles.ts';
import type { View } from '../view.ts';

/**
 * A view whose changes clients may follow. Of a view that is `copied: true`, anybody learns of
 * every change. Of one that is copied by group, callers need a token, and learn of the changes in
 * the group that has the name of their user id.
 */
export type LiveView = {
  view: View;
  /** Callers with this role learn of the changes in all groups. */
  everything?: Role;
  /** The id that clients know of a document; the document's own by default. */
  idOf?(documentId: string): string;
};

/** The views that clients may follow, by the names that they ask for. */
export type LiveViews = Readonly<Record<string, LiveView>>;

/**
 * Lets clients follow a view's changes.
 * @throws if projectors don't store the view's changes.
 */
export function liveView(definition: LiveView): LiveView {
  const { name, copied } = definition.view;
  if (!copied) throw new Error(`To follow ${name} live needs \`copied\` in its view.`);
  return definition;
}

/** Whether each caller follows a part of the view only. */
export const isPrivate = ({ view: { copied } }: LiveView): boolean => typeof copied === 'object';
