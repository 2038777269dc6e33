import type { Document as Fields } from 'mongodb';
import type { View } from '../view.ts';

type Document = { _id: string };

/** A view's documents in this process's memory, in a shape that answers fast. */
export type CopyModel<D extends Document = Document> = {
  /** Takes a document that is new or has changed. */
  put(document: D): void;
  /** Does nothing for an id it doesn't have. */
  remove(id: string): void;
  /** The ids of the documents it has. */
  ids(): Iterable<string>;
};

/** A view that is kept in memory too, and the model that keeps it. */
export type ViewCopy<Model extends CopyModel = CopyModel> = {
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
  if (!copied) throw new Error(`A copy of ${name} needs \`copied: true\` in its view.`);
  return definition;
}
