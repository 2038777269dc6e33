/** The one language of filters: `type:VoteCast user:alice`. Each part stands in the address. */

export type Filter = Readonly<Record<string, string | undefined>>;
export type FilterField = { name: string; says: string };

const field = (name: string, says: string): FilterField => ({ name, says });

export const fields = {
  movie: field('movie', 'the id of a movie, as m81'),
  user: field('user', 'whom it is about, or who did it'),
  ticket: field('ticket', 'the id of a ticket'),
  stream: field('stream', 'a stream, as ranking/m81/alice'),
  correlation: field('correlation', 'the id of the request that began it'),
  topic: field('topic', 'a topic, or several: ranking,movies'),
  type: field('type', 'a type of event, or several: VoteCast,VoteRetracted'),
  from: field('from', 'a time, as 2026-11-24T18:30:00Z'),
  order: field('order', 'newest: the newest events first'),
  view: field('view', 'a view, as rankings or rankings@2'),
  key: field('key', 'a key of the log'),
  error: field('error', 'a text in the error'),
  id: field('id', 'an id'),
  act: field('act', 'rebuild, switch, rollback, as-of, drop, retry, discard'),
  status: field('status', 'open or ended'),
  state: field('state', 'live, behind, building, stopped, stalled or unserved'),
  lane: field('lane', 'a number'),
} as const;

export type FieldName = keyof typeof fields;

/** Words that are no `field:value`, in quotes or not. */
const parts = /(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/g;

/**
 * @param known the fields that the page takes.
 * @param bare the field that a word without a name is meant for.
 * @returns the filter, or what is wrong with the text.
 */
export function parsed(
  text: string,
  known: readonly FieldName[],
  bare: FieldName,
): { filter: Filter; problem: string | null } {
  const filter: Record<string, string> = {};
  for (const [, name, quoted, word] of text.matchAll(parts)) {
    const value = quoted ?? word ?? '';
    const isKnown = name === undefined || known.includes(name as FieldName);
    if (!isKnown) {
      const problem = `“${name}” can't be asked for here: ${known.join(', ')} can.`;
      return { filter, problem };
    }
    filter[name ?? bare] = value;
  }
  return { filter, problem: null };
}

export const filterText = (filter: Filter): string =>
  Object.entries(filter)
    .flatMap(([name, value]) => {
      if (value === undefined) return [];
      return /[\s:"]/.test(value) && name !== 'from' ? `${name}:"${value}"` : `${name}:${value}`;
    })
    .join(' ');

/** The part of an address's search that is a filter of these fields. */
export const filterIn = (search: Record<string, unknown>, known: readonly FieldName[]): Filter =>
  Object.fromEntries(
    known.flatMap((name) => {
      const value = search[name];
      return typeof value === 'string' && value !== '' ? [[name, value]] : [];
    }),
  );

/** As parameters of a request: `type:A,B` is sent as two. */
export function parametersOf(filter: Filter): URLSearchParams {
  const sent = new URLSearchParams();
  for (const [name, value = ''] of Object.entries(filter)) {
    const values = name === 'topic' || name === 'type' ? value.split(',') : [value];
    for (const one of values) if (one) sent.append(name, one);
  }
  return sent;
}
