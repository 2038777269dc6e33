/** A film's genres in words, as in "romantic comedy" or "science-fiction action thriller". */

/** A film's first genre in this list is the noun; a film with no such genre is a "film". */
const nouns = [
  ['Thriller', 'thriller'],
  ['Musical', 'musical'],
  ['Comedy', 'comedy'],
  ['Drama', 'drama'],
  ['Western', 'western'],
  ['Romance', 'romance'],
  ['Mystery', 'mystery'],
  ['Adventure', 'adventure'],
  ['Fantasy', 'fantasy'],
] as const;

/** The words before the noun, in the order of English. */
const modifiers = [
  ['Animation', 'animated'],
  ['Drama', 'dramatic'],
  ['Biography', 'biographical'],
  ['History', 'historical'],
  ['Romance', 'romantic'],
  ['Comedy', 'comic'],
  ['Family', 'family'],
  ['War', 'war'],
  ['Western', 'western'],
  ['Sci-Fi', 'science-fiction'],
  ['Fantasy', 'fantasy'],
  ['Music', 'music'],
  ['Sport', 'sports'],
  ['Horror', 'horror'],
  ['Crime', 'crime'],
  ['Mystery', 'mystery'],
  ['Action', 'action'],
  ['Adventure', 'adventure'],
  ['Musical', 'musical'],
] as const;

/** The phrase leaves out genres unknown to the tables; without a known genre it is "film". */
export function genrePhrase(genres: readonly string[]): string {
  const has = (genre: string) => genres.includes(genre);
  if (has('Comedy') && has('Drama') && !has('Thriller') && !has('Musical')) {
    return phrase(has, ['Comedy', 'Drama'], 'comedy-drama');
  }
  const noun = nouns.find(([genre]) => has(genre));
  return phrase(has, noun ? [noun[0]] : [], noun ? noun[1] : 'film');
}

const phrase = (has: (genre: string) => boolean, used: readonly string[], noun: string) =>
  [
    ...modifiers.filter(([genre]) => has(genre) && !used.includes(genre)).map(([, word]) => word),
    noun,
  ].join(' ');

export const withArticle = (words: string): string =>
  `${/^[aeiou]/i.test(words) ? 'an' : 'a'} ${words}`;
