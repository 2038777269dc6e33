import { momentOf } from '@event-sourced/kernel/event';
import { pageOf } from '@event-sourced/kernel/page';
import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { views } from '#schemas/views.ts';
import { catalogue } from '../memory/catalogue.ts';
import { myVotes } from '../memory/my-lists.ts';
import { listInput, MovieFacts, movieFacts, myList } from '../my-list.ts';

const ListedVote = MovieFacts.extend({
  vote: z.enum(['like', 'dislike']),
  castAt: z.iso.datetime(),
  version: z.int().meta({ description: 'What If-Match takes.' }),
}).meta({ id: 'Vote' });

const times = ['castAt'] as const;

/** The caller's likes and dislikes. */
export const votes = query({
  name: 'my-votes',
  summary: 'My votes, sorted and filtered, in pages',
  route: 'GET /v1/me/votes',
  views: [views.votes],
  copies: [catalogue, myVotes],
  for: 'authenticated',
  input: listInput([...times, 'title', 'year']),
  example: { limit: '2' },
  output: pageOf(ListedVote),
  answer: (input, reading) =>
    myList({ view: views.votes, copy: myVotes, times }, input, reading, (ballot) => ({
      ...movieFacts(ballot),
      ...{ vote: ballot.vote, castAt: momentOf(ballot.castAt), version: ballot.version },
    })),
});
