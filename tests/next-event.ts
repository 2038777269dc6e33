import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addContext, type Section } from './adding-a-context.ts';

/** The code of a later release, which has one more event type: users give movies stars. */

const section: Omit<Section, 'script'> = {
  files: new Map([
    [
      'schemas/ranking/MovieStarred.avsc',
      `{
  "type": "record",
  "name": "MovieStarred",
  "namespace": "moviebackend.ranking",
  "doc": "A user gives a movie stars.",
  "fields": [
    { "name": "meta", "type": "moviebackend.Meta" },
    { "name": "movieId", "type": "string" },
    { "name": "userId", "type": "string" },
    { "name": "stars", "type": "int" },
    { "name": "starredAt", "type": { "type": "long", "logicalType": "timestamp-millis" } }
  ]
}
`,
    ],
    [
      'schemas/ranking/stars-view.ts',
      `import { view } from '@event-sourced/kernel/view';

export const starsView = view<{ _id: string; stars: number }>({
  name: 'stars',
  version: 1,
  topics: ['ranking'],
  indexes: [],
});
`,
    ],
    [
      'projectors/ranking/stars.ts',
      `import { projection } from '@event-sourced/kernel/projection';
import type { RankingEvent } from '#schemas/generated/events.ts';
import { views } from '#schemas/views.ts';

/** All stars of a movie. */
export const stars = projection<RankingEvent>()({
  view: views.stars,
  id: ({ data }) => data.movieId,
  when: {
    MovieStarred: (before, { data }) => ({
      _id: data.movieId,
      stars: (before?.stars ?? 0) + data.stars,
    }),
  },
});
`,
    ],
  ]),
  lines: new Map([
    [
      'schemas/views.ts',
      ["import { starsView } from './ranking/stars-view.ts';", '  stars: starsView,'],
    ],
    ['projectors/projections.ts', ["import { stars } from './ranking/stars.ts';", '  stars,']],
    ['command-api/commands.ts', ["import { star } from './ranking/ballot.ts';", '  star,']],
  ]),
};

const starCommand = `
export const star = ballot.command({
  name: 'star',
  route: 'PUT /v1/movies/:movieId/stars',
  summary: 'Give a movie stars',
  role: roles.viewer,
  input: z.strictObject({ movieId: MovieId, stars: z.int() }),
  example: { movieId: 'm55', stars: 4 },
  stream: byMovieAndUser,
  requires: [listedMovie],
  decide: ({ movieId, stars }, _, { userId, now: starredAt }) => [
    { type: 'MovieStarred', data: { movieId, userId, stars, starredAt } },
  ],
});
`;

const starredExample = `  MovieStarred: {
    type: 'MovieStarred',
    meta: metaOf('m87/alice', 4, later, 'alice'),
    data: { movieId: 'm87', userId: 'alice', stars: 4, starredAt: later },
  },
};
`;

/** Makes a copy of the repository that release; the generated files are still to be made. */
export function addMovieStarred(root: string): void {
  addContext({ ...section, script: '' }, root);
  change(join(root, 'command-api/ranking/ballot.ts'), (text) =>
    text
      .replace("    case 'VoteRetracted':", "    case 'MovieStarred':\n      return _ballot;\n$&")
      .concat(starCommand),
  );
  const examples = join(root, 'schemas/ranking/examples.ts');
  change(examples, (text) => text.replace(/};\n$/, starredExample));
}

function change(path: string, how: (text: string) => string): void {
  const before = readFileSync(path, 'utf8');
  const after = how(before);
  if (after === before) throw new Error(`${path} is no longer as this release changes it.`);
  writeFileSync(path, after);
}
