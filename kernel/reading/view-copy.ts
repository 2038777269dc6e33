import type { Document as Fields } from 'mongodb';
import type { View } from '../view.ts';

type Document = { _id: string };

/** What is known of a view in this process's memory. */
export type KeptModel = {
  /**
   * Forgets a document, or a group of documents; may not have it.
   * @param documents those of the group that have changed; any may have if it is undefined.
   */
  remove(id: string, documents?: readonly string[]): void;
  /** The ids of the documents it has, or the names of the groups. */
  ids(): Iterable<string>;
};

/** All of a view's documents, in a shape that answers fast. */
export type CopyModel<D extends Document = Document> = KeptModel & {
  /** Takes a document that is new or has changed. */
  put(document: D): void;
};

/** A view that is kept in memory too, and the model that keeps it. */
export type ViewCopy<Model extends KeptModel = KeptModel> = {
  view: View<Document>;
  /** Makes an empty model. */
  make(): Model;
  /** Leaves out fields that the model doesn't need, such as `{ history: 0 }`. */
  projection?: Fields;
};

/**
 * Lets a view's document type flow into its copy.
 * @throws if the view is not `copied`.
 */
export function viewCopy<D extends Document, Model extends CopyModel<D>>(
  definition: { view: View<D> } & Pick<ViewCopy<Model>, 'make' | 'projection'>,
): ViewCopy<Model> {
  const { name, copied } = definition.view;
  if (copied !== true) throw new Error(`A copy of ${name} needs \`copied: true\` in its view.`);
  return definition;
}

/**
 * Keeps groups of a view's documents, such as those of one user. Nothing is loaded beforehand: the
 * model has what queries have read and given to it, until a document of the group changes. Then the
 * group is removed, or what rests on that document, before the copy's position moves. So what it
 * has is true at that position, if it was read after its query began, and not removed in the
 * meantime.
 * @throws if the view is not `copied` by group.
 */
export function groupCopy<D extends Document, Model extends KeptModel>(
  definition: { view: View<D> } & Pick<ViewCopy<Model>, 'make'>,
): ViewCopy<Model> {
  const { name, copied } = definition.view;
  if (isByGroup(definition)) return definition;
  throw new Error(`Groups of ${name} need a field in its view, \`copied: { by }\`, not ${copied}.`);
}

export const isByGroup = ({ view: { copied } }: Pick<ViewCopy, 'view'>): boolean =>
  typeof copied === 'object';
