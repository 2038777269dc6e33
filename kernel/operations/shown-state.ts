import { isDeepStrictEqual } from 'node:util';
import { isPersonalText } from '../personal-text.ts';
import { shownValue } from './shown-event.ts';

type Fields = Record<string, unknown>;

/** A state, as operators see it: whole where it is small, else of large fields what changed. */
export type ShownState = { state: unknown; changed: string[]; isWhole: boolean };

/** So many values, or characters, of a field are shown. */
const mostShown = 2_000;
const mostChanges = 20;

/** The cost depends on what changed, and not on how large the state is, but for one look at it. */
export function shownState(before: unknown, after: unknown): ShownState {
  if (!isFields(before) || !isFields(after)) {
    const changed = isDeepStrictEqual(before, after) ? [] : ['value'];
    const isWhole = isSmall(after);
    return { state: isWhole ? shownValue(after, []) : null, changed, isWhole };
  }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  let isWhole = true;
  const shown: Fields = {};
  for (const [name, value] of Object.entries(after)) {
    const isShown = isSmall(value);
    isWhole &&= isShown;
    if (isShown) shown[name] = shownValue(value, []);
    else if (changed.includes(name)) shown[name] = changesOf(before[name], value);
  }
  return { state: shown, changed, isWhole };
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isPersonalText(value);

/** Looks no further than it has to. */
export function isSmall(value: unknown, most = mostShown): boolean {
  let left = most;
  const rest = [value];
  for (let one = rest.pop(), more = true; more; more = rest.length > 0, one = rest.pop()) {
    left -= 1;
    if (typeof one === 'string') left -= one.length;
    else if (Buffer.isBuffer(one)) left -= one.length;
    else if (typeof one === 'object' && one !== null && !isPersonalText(one)) {
      const parts = partsOf(one);
      left -= parts.length;
      if (left > 0) for (const [, part] of parts) rest.push(part);
    }
    if (left < 0) return false;
  }
  return true;
}

/** The parts of a large value that differ from what it was. */
function changesOf(before: unknown, after: unknown): unknown {
  if (typeof after !== 'object' || after === null) return null;
  const earlier = new Map(typeof before === 'object' && before !== null ? partsOf(before) : []);
  const differing = partsOf(after).filter(
    ([name, part]) => !isDeepStrictEqual(earlier.get(name), part),
  );
  const some = differing.slice(0, mostChanges).filter(([, part]) => isSmall(part));
  return shownValue(Object.fromEntries(some), []);
}

function partsOf(value: object): [string, unknown][] {
  if (value instanceof Map) return [...value].map(([name, part]) => [String(name), part]);
  if (value instanceof Set) return [...value].map((part) => [String(part), part]);
  return Object.entries(value);
}
