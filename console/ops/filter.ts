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
  from: field('from', 'a time, as 2026-11-24T18:30, in the zone that times are shown in'),
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

type Parsing = {
  /** The fields that the page takes. */
  known: readonly FieldName[];
  /** The field that a word without a name is meant for. */
  bare: FieldName;
  /** Of which clock a time without a zone is. */
  clock: 'utc' | 'local';
};

/** @returns the filter, or what is wrong with the text. */
export function parsed(
  text: string,
  { known, bare, clock }: Parsing,
): { filter: Filter; problem: string | null } {
  const filter: Record<string, string> = {};
  for (const [, name, quoted, word] of text.matchAll(parts)) {
    const value = quoted ?? word ?? '';
    const isKnown = name === undefined || known.includes(name as FieldName);
    if (!isKnown) {
      const problem = `“${name}” can't be asked for here: ${known.join(', ')} can.`;
      return { filter, problem };
    }
    filter[name ?? bare] = name === 'from' ? momentIn(value, clock) : value;
  }
  return { filter, problem: null };
}

const written = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(Z|[+-]\d\d:\d\d)?$/i;

/** A day or a minute, as people write them, in full; anything else as it is. */
function momentIn(text: string, clock: Parsing['clock']): string {
  const [, day, time = '00:00', zone] = written.exec(text) ?? [];
  const at = Date.parse(`${day}T${time}${zone ?? (clock === 'utc' ? 'Z' : '')}`);
  return Number.isNaN(at) ? text : new Date(at).toISOString();
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
