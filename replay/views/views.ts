import type { AnyProjection } from '#kernel/projection.ts';
import { type AsOf, asOfsIn } from '#kernel/projector/generations/as-of-documents.ts';
import {
  Generations,
  type ReadModel,
  readModelsOf,
} from '#kernel/projector/generations/generations.ts';
import { application } from '../tool/application.ts';
import { ToolError } from '../tool/exit.ts';
import type { Tool } from '../tool/tool.ts';

const { projections } = application;

export const viewNames = projections.map(({ view }) => view.name);

/** @throws ToolError for an unknown name. */
export function projectionOf(name: string): AnyProjection {
  const found = projections.find(({ view }) => view.name === name);
  if (found) return found;
  throw new ToolError(`There is no view ${name}; there are ${viewNames.join(', ')}.`);
}

/** Whether a view has this name, in this code or in another release on the same database. */
export const isView = async ({ db }: Pick<Tool, 'db'>, name: string): Promise<boolean> =>
  viewNames.includes(name) || (await readModelsOf(db).countDocuments({ view: name })) > 0;

const asOfMark = 'as-of:';

/**
 * The as-of that a name stands for. A view's name is never that of an as-of, though as-ofs of such
 * names were made by earlier releases: `as-of:NAME` stands for those.
 */
export async function asOfNamed(tool: Pick<Tool, 'db'>, name: string): Promise<AsOf | null> {
  const isMarked = name.startsWith(asOfMark);
  if (!isMarked && (await isView(tool, name))) return null;
  return asOfsIn(tool.db).findOne({ _id: isMarked ? name.slice(asOfMark.length) : name });
}

/** @throws ToolError for unknown names, or without any name. */
export function projectionsOf(names: readonly string[], all = false): readonly AnyProjection[] {
  if (all) return projections;
  if (names.length > 0) return [...new Set(names)].map(projectionOf);
  throw new ToolError(`Name one view or more out of ${viewNames.join(', ')}.`);
}

/** A view's generations. @throws ToolError if the view was never built. */
export async function readModelOf(
  { db }: Pick<Tool, 'db'>,
  { view }: AnyProjection,
): Promise<ReadModel & { active: string }> {
  const generations = new Generations(db, view);
  const model = await generations.read();
  if (model?.active) return { ...model, active: model.active };
  const cure = 'start the projectors, or build it with `npm run replay -- rebuild`.';
  throw new ToolError(`${generations.id} is not served yet: ${cure}`);
}
