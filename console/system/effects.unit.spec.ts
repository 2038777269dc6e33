import { beforeEach, expect, it } from 'vitest';
import {
  begin,
  type Effect,
  effects,
  end,
  type ListedMovie,
  takeBack,
  withEffects,
  withMine,
  withPlays,
  withVote,
} from './effects.ts';

const movie = { movieId: 'm1', likes: 5, dislikes: 2, me: null } as unknown as ListedMovie;

beforeEach(() => effects.set([]));

let count = 0;

/** @returns the act's id. */
function act(change: Effect['change'], { user = 'sam', movieId = 'm1' } = {}): string {
  count += 1;
  begin(`act ${count}`, user, { movieId, change });
  return `act ${count}`;
}

/** What this viewer sees of an answer: likes and dislikes, vote, plays. */
function shown(read: ListedMovie = movie, user = 'sam'): string {
  const { likes, dislikes, me } = withEffects(read, user, effects.get());
  return `${likes} ${dislikes} ${me?.vote ?? 'none'} ${me?.plays ?? 0}`;
}

it('an effect is shown to whose act it is, on the film that it is about', () => {
  act(withVote('like'));
  expect(shown()).toBe('6 2 like 0');
  expect(shown(movie, 'alice')).toBe('5 2 none 0');
  expect(shown({ ...movie, movieId: 'm2' })).toBe('5 2 none 0');
});

it('an answer that shows an effect already is shown as it is', () => {
  act(withVote('like'));
  act(withPlays(1));
  const read = withPlays(1)(withVote('like')(movie));
  expect(shown(read)).toBe('6 2 like 1');
  expect(withEffects(read, 'sam', effects.get()).me?.reminder).toBe(null);
  const later = withPlays(4)(withVote('like')({ ...movie, likes: 8 }));
  expect(shown(later)).toBe('9 2 like 4');
});

it('a refused act loses its effect, and no other one does', () => {
  act(withPlays(1));
  const refused = act(withVote('like'));
  act(withMine({ reminder: { note: 'Soon', remindAt: null, setAt: '2026-01-01T00:00:00Z' } }));
  takeBack(refused);
  expect(shown()).toBe('5 2 none 1');
  expect(withEffects(movie, 'sam', effects.get()).me?.reminder?.note).toBe('Soon');
});

it('a vote that changes a refused one counts as the first', () => {
  const refused = act(withVote('like'));
  act(withVote('dislike'));
  expect(shown()).toBe('5 3 dislike 0');
  takeBack(refused);
  expect(shown()).toBe('5 3 dislike 0');
});

it('an act that is read ends those of its user before it, and leaves those after it', () => {
  act(withVote('like'));
  const read = act(withVote('dislike'));
  act(withPlays(1));
  act(withVote('like'), { user: 'alice' });
  end(read);
  expect(shown(withVote('dislike')(movie))).toBe('5 3 dislike 1');
  expect(shown(movie, 'alice')).toBe('6 2 like 0');
});

it('an act that has ended ends nothing more', () => {
  const first = act(withVote('like'));
  end(act(withVote('dislike')));
  act(withPlays(1));
  end(first);
  expect(shown()).toBe('5 2 none 1');
});
