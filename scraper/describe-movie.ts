import { genrePhrase, withArticle } from './genre-phrase.ts';

/** The facts that a description is made from. */
export type Facts = {
  /** Selects the wording: neighbours read differently, and a film always reads the same. */
  rank: number;
  title: string;
  genres: readonly string[];
  director: string;
  actors: readonly string[];
  year: number;
  runtimeMinutes: number;
  rating: number;
  ratingVotes: number;
  revenueMillions: number | null;
  metascore: number | null;
};

/** A few sentences about a film, from its facts alone: no plot, no opinion of our own. */
export function describeMovie(facts: Facts): string {
  const opening = pick(facts, 1, openings(facts));
  const later = pick(facts, 2, [
    [cast, length, reception, boxOffice],
    [cast, reception, boxOffice, length],
    [length, cast, boxOffice, reception],
    [cast, boxOffice, reception, length],
    [reception, cast, length, boxOffice],
    [cast, length, boxOffice, reception],
  ]);
  return (
    [opening, ...later.map((sentence) => sentence(facts))]
      .filter((sentence) => sentence !== '')
      // A name that ends in "Jr." ends the sentence too.
      .map((sentence) => sentence.replace(/\.\.$/, '.'))
      .join(' ')
  );
}

/** Picks an option by the rank and the part of the text. */
function pick<Option>({ rank }: Facts, part: number, options: readonly Option[]): Option {
  let mixed = Math.imul(rank + 1, 0x9e3779b1) ^ Math.imul(part, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x297a2d39);
  return options[((mixed ^ (mixed >>> 16)) >>> 0) % options.length] as Option;
}

function openings(facts: Facts): string[] {
  const { title, director, year, actors } = facts;
  const genre = genrePhrase(facts.genres);
  const aGenre = capital(withArticle(genre));
  if (actors.includes(director)) {
    return [
      `${director} directs this ${genre} from ${year} and also appears in it.`,
      `${aGenre} from ${year}, directed by ${director}, who is also in the cast.`,
      `In this ${genre}, released in ${year}, ${director} works on both sides of the camera.`,
    ];
  }
  return [
    `${aGenre} from ${year}, directed by ${director}.`,
    `${director} directs this ${genre}, which came out in ${year}.`,
    `Released in ${year}, this ${genre} was directed by ${director}.`,
    `“${title}” is ${withArticle(genre)} by the director ${director}, released in ${year}.`,
    `This ${genre} by ${director} dates from ${year}.`,
    `With “${title}”, ${director} brought ${withArticle(genre)} to the screen in ${year}.`,
    `The director of this ${year} ${genre} is ${director}.`,
    `${aGenre} made under the direction of ${director} and released in ${year}.`,
  ];
}

function cast(facts: Facts): string {
  const [first, second, ...others] = facts.actors.filter((actor) => actor !== facts.director);
  if (!first) return '';
  if (!second) return `${first} plays the leading part.`;
  if (others.length === 0) return `The leading parts are played by ${first} and ${second}.`;
  const all = list([first, second, ...others]);
  return pick(facts, 3, [
    `${first} and ${second} lead the cast, joined by ${list(others)}.`,
    `The cast includes ${all}.`,
    `It stars ${first}, with ${list([second, ...others])} in other parts.`,
    `The main parts are played by ${all}.`,
    `On screen are ${all}.`,
    `${first} heads a cast that also features ${list([second, ...others])}.`,
    `Its leading actors are ${first} and ${second}; ${list(others)} can be seen too.`,
  ]);
}

function length(facts: Facts): string {
  const { runtimeMinutes } = facts;
  const clock = hoursAndMinutes(runtimeMinutes);
  const usual = [
    `It runs for ${runtimeMinutes} minutes.`,
    `The running time is ${clock}.`,
    `It is ${runtimeMinutes} minutes long.`,
    `The film lasts ${clock}.`,
    `From start to end it takes ${clock}.`,
  ];
  if (runtimeMinutes >= 150) {
    return pick(facts, 4, [...usual, `At ${clock}, it is a long film.`]);
  }
  if (runtimeMinutes <= 88) {
    return pick(facts, 4, [...usual, `At ${runtimeMinutes} minutes, it is a short feature.`]);
  }
  return pick(facts, 4, usual);
}

function reception(facts: Facts): string {
  const { metascore } = facts;
  const rating = facts.rating.toFixed(1);
  const votes = facts.ratingVotes.toLocaleString('en-US');
  if (metascore === null) {
    return pick(facts, 5, [
      `Viewers rate it ${rating} out of 10, going by ${votes} votes.`,
      `Its rating of ${rating} out of 10 rests on ${votes} votes; no Metascore is known.`,
      `From ${votes} votes it has an average rating of ${rating}.`,
    ]);
  }
  const reviews = verdict(metascore);
  const gap = facts.rating * 10 - metascore;
  if (Math.abs(gap) >= 20) {
    const [keener, cooler] = gap > 0 ? ['Audiences', 'critics'] : ['Critics', 'audiences'];
    return (
      `${keener} liked it more than ${cooler} did: it is rated ${rating} out of 10 ` +
      `by ${votes} voters and has a Metascore of ${metascore}.`
    );
  }
  return pick(facts, 5, [
    `Reviews were ${reviews}, with a Metascore of ${metascore}; ${votes} voters rate it ${rating}.`,
    `It holds a rating of ${rating} out of 10 from ${votes} votes and a Metascore of ${metascore}.`,
    `With a Metascore of ${metascore}, its reviews were ${reviews}; viewers rate it ${rating}.`,
    `Viewers rate it ${rating} out of 10, and reviews were ${reviews} (Metascore ${metascore}).`,
    `In all, ${votes} viewers give it ${rating} out of 10; the Metascore is ${metascore}.`,
  ]);
}

function verdict(metascore: number): string {
  if (metascore >= 81) return 'excellent';
  if (metascore >= 61) return 'mostly good';
  if (metascore >= 40) return 'mixed';
  return 'mostly poor';
}

function boxOffice(facts: Facts): string {
  const { revenueMillions } = facts;
  if (revenueMillions === null) return '';
  if (revenueMillions === 0) return 'Its recorded box office rounds to nothing.';
  const dollars = money(revenueMillions);
  return pick(facts, 6, [
    `It took ${dollars} at the box office.`,
    `The box office came to ${dollars}.`,
    `In cinemas it earned ${dollars}.`,
    `Ticket sales reached ${dollars}.`,
    `It made ${dollars} in cinemas.`,
  ]);
}

const money = (millions: number) =>
  millions < 1
    ? `about $${Math.round(millions * 1_000_000).toLocaleString('en-US')}`
    : `$${millions} million`;

function hoursAndMinutes(minutes: number): string {
  const plural = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;
  const parts = [plural(Math.floor(minutes / 60), 'hour'), plural(minutes % 60, 'minute')];
  return parts.filter((part) => !part.startsWith('0 ')).join(' and ');
}

/** "A", "A and B", "A, B and C". */
const list = (names: readonly string[]) =>
  [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '').join(' and ');

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
