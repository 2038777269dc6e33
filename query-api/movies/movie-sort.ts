import { z } from 'zod';

/** The values of `sort`, and the field that each sorts by. */
const fields = {
  title: 'titleKey',
  year: 'year',
  rating: 'rating',
  ratingVotes: 'ratingVotes',
  runtime: 'runtimeMinutes',
  revenue: 'revenueMillions',
  metascore: 'metascore',
} as const;

type Name = keyof typeof fields;
const names = Object.keys(fields) as Name[];
const sorts = names.flatMap((name) => [name, `-${name}`] as const);

export const MovieSort = z
  .enum(sorts, { error: `has to be one of ${names.join(', ')}, with a - before it for descending` })
  .default('title');
export type MovieSort = z.output<typeof MovieSort>;

/** Movies without a value come last in either direction. */
export function inOrder(sort: MovieSort) {
  const field = fields[sort.replace(/^-/, '') as Name];
  const direction = sort.startsWith('-') ? -1 : 1;
  const isNullable = field === 'revenueMillions' || field === 'metascore';
  return {
    order: { [field]: direction, _id: direction },
    missingLast: isNullable,
  } as const;
}
