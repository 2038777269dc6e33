import { beforeEach, expect, it } from 'vitest';
import { answers } from './answers.ts';
import { changeMovie, type ListedMovie, withMine, withVote } from './movie-cache.ts';

const movieOf = (movieId: string) =>
  ({ movieId, title: movieId, likes: 5, dislikes: 2, me: null }) as unknown as ListedMovie;

const ofMovie = ['movie', 'm1'];
const ofList = ['movies'];
const ofPages = ['search'];

beforeEach(() => {
  answers.clear();
  answers.setQueryData(ofMovie, movieOf('m1'));
  answers.setQueryData(ofList, { count: 2, items: [movieOf('m1'), movieOf('m2')] });
  answers.setQueryData(ofPages, {
    pages: [{ items: [movieOf('m2')] }, { items: [movieOf('m1')] }],
  });
  answers.setQueryData(['genres'], [{ genre: 'Drama', count: 2 }]);
});

/** Of the movie, in each answer that has it: likes and dislikes, vote, plays. */
function shown(movieId = 'm1'): string[] {
  const text = ({ likes, dislikes, me }: ListedMovie) =>
    `${likes} ${dislikes} ${me?.vote ?? 'none'} ${me?.plays ?? 0}`;
  const list = answers.getQueryData<{ items: ListedMovie[] }>(ofList)!;
  const { pages } = answers.getQueryData<{ pages: { items: ListedMovie[] }[] }>(ofPages)!;
  const single = answers.getQueryData<ListedMovie>(ofMovie)!;
  return [single, ...list.items, ...pages.flatMap(({ items }) => items)]
    .filter((movie) => movie.movieId === movieId)
    .map(text);
}

const everywhere = (text: string) => [text, text, text];
const play = () =>
  changeMovie('m1', (movie) => withMine({ plays: (movie.me?.plays ?? 0) + 1 })(movie));

it('an effect is shown in every answer that has the movie, and nowhere else', () => {
  const genres = answers.getQueryData(['genres']);
  changeMovie('m1', withVote('like'));
  expect(shown()).toEqual(everywhere('6 2 like 0'));
  expect(shown('m2')).toEqual(['5 2 none 0', '5 2 none 0']);
  expect(answers.getQueryData(['genres'])).toBe(genres);
});

it('an effect that is taken back leaves what was done before and since', () => {
  changeMovie('m1', withMine({ reminder: null, plays: 3 }));
  const takeBack = changeMovie('m1', withVote('like'));
  play();
  expect(shown()).toEqual(everywhere('6 2 like 4'));
  takeBack();
  expect(shown()).toEqual(everywhere('5 2 none 4'));
});

it('a vote that changes an earlier one counts as a first one when that one is taken back', () => {
  const takeBack = changeMovie('m1', withVote('like'));
  changeMovie('m1', withVote('dislike'));
  expect(shown()).toEqual(everywhere('5 3 dislike 0'));
  takeBack();
  expect(shown()).toEqual(everywhere('5 3 dislike 0'));
});

it('effects are taken back in any order', () => {
  const takeBacks = [
    changeMovie('m1', withVote('like')),
    play(),
    changeMovie('m2', withVote('like')),
  ];
  for (const takeBack of takeBacks) takeBack();
  expect(shown()).toEqual(everywhere('5 2 none 0'));
  expect(shown('m2')).toEqual(['5 2 none 0', '5 2 none 0']);
});

it('an answer that was read since holds, whatever is taken back', () => {
  const takeBack = changeMovie('m1', withVote('like'));
  answers.setQueryData(ofMovie, { ...movieOf('m1'), likes: 9 });
  takeBack();
  expect(shown()).toEqual(['9 2 none 0', '5 2 none 0', '5 2 none 0']);
});

it('an answer that was read since shows what is done next, once', () => {
  play();
  answers.setQueryData(ofMovie, withMine({ plays: 1 })(movieOf('m1')));
  play();
  expect(shown()).toEqual(everywhere('5 2 none 2'));
});

it('answers that were dropped meanwhile, such as those of another user, never come back', () => {
  const takeBack = changeMovie('m1', withVote('like'));
  answers.clear();
  takeBack();
  expect(answers.getQueryCache().getAll()).toEqual([]);
});
