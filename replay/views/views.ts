import type { AnyProjection } from '#kernel/projection.ts';
import { Generations, type ReadModel } from '#kernel/projector/generations/generations.ts';
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
