import { columns, type Field, isNamed, lacked } from './columns.ts';
import { encodingName } from './layout.ts';
import { quoted, ScrapeError } from './scrape-error.ts';
import type { Table } from './table.ts';

/** What is said of a file that is not as usual, before its rows: a line for each matter. */
export function notesOn(table: Omit<Table, 'rows'>, replace: boolean): string[] {
  return [
    ...encodingNote(table),
    ...layoutNote(table),
    ...indexNote(table),
    ...namesNote(table),
    ...lackNotes(table, replace),
  ];
}

/** How a text that is not UTF-8 reads in the encodings that it has most often. */
const encodingNote = ({ layout: { foreignText } }: Pick<Table, 'layout'>): string[] => {
  if (foreignText === null) return [];
  const readings = ['windows-1252', 'macintosh'].map((encoding) => {
    const text = new TextDecoder(encoding).decode(foreignText);
    return `--encoding ${encoding} reads ${quoted(text)}`;
  });
  return [`The file is not all UTF-8: ${readings.join(', ')}.`];
};

const signs: Record<string, string> = { ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

function layoutNote({ layout: { encoding, delimiter }, decimal }: Omit<Table, 'rows'>): string[] {
  const found = [
    ...(encoding === 'utf-8' ? [] : [`${encodingName(encoding)} text`]),
    ...(delimiter === ',' ? [] : [`${signs[delimiter] ?? quoted(delimiter)} between the cells`]),
    ...(decimal === '.' ? [] : ['decimal commas']),
  ];
  return found.length === 0 ? [] : [`The file has ${found.join(', ')}.`];
}

/** The index of a data frame; pandas reads one without a name as `Unnamed: 0`. */
const isIndex = (name: string) => /^unnamed: \d/i.test(name.trim());

function indexNote({ header: { names, unnamed } }: Pick<Table, 'header'>): string[] {
  const indexes = names.filter(isIndex).map((name) => quoted(name.trim()));
  return [
    ...(unnamed > 0 ? ['The first column has no name and is ignored.'] : []),
    ...(indexes.length > 0 ? [`${indexes.join(' and ')} is an index and ignored.`] : []),
  ];
}

/** The columns that go by quite another name. */
function namesNote({ header: { names, places } }: Pick<Table, 'header'>): string[] {
  const others = (Object.entries(places) as [Field, number][])
    .map(([field, place]) => ({ field, name: names[place]?.trim() ?? '' }))
    .filter(({ field, name }) => !isNamed(field, name))
    .map(({ field, name }) => `${quoted(name)} is read as ${columns[field]}`);
  return others.length === 0 ? [] : [`${others.join(', ')}.`];
}

function lackNotes({ header }: Pick<Table, 'header'>, replace: boolean): string[] {
  const lacks = lacked(header);
  const notes: string[] = [];
  if (lacks.includes('rank')) {
    if (replace) throw noRanks();
    notes.push('The file has no column Rank: rows are numbered, and row 1 is the movie m1.');
  }
  if (lacks.includes('description')) {
    const whose = replace ? 'each movie gets one' : 'known movies keep theirs, new ones get one';
    notes.push(`The file has no column Description: ${whose} made from the other columns.`);
  }
  const kept = lacks.filter((field) => field === 'revenueMillions' || field === 'metascore');
  if (kept.length > 0) {
    const names = kept.map((field) => columns[field]).join(' and ');
    const what = replace ? 'it is cleared' : 'what is stored is kept (--replace clears it)';
    notes.push(`The file has no column ${names}: ${what}.`);
  }
  if (notes.length > 0) notes.push(...unreadNote(header));
  return notes;
}

const noRanks = () =>
  new ScrapeError(
    'The file has no column Rank, and with --replace the row numbers would replace other ' +
      "movies: name the column of ranks with --column 'Rank=NAME', or leave --replace out.",
  );

/** One of the columns that are not read may be the one that is missed. */
function unreadNote({ names, places }: Table['header']): string[] {
  const read = new Set(Object.values(places));
  const unread = names.filter(
    (name, place) => name.trim() !== '' && !isIndex(name) && !read.has(place),
  );
  if (unread.length === 0) return [];
  const shown = unread.slice(0, 20).map((name) => quoted(name.trim()));
  return [`Not read: ${shown.join(', ')}. If one is missed, name it with --column.`];
}
