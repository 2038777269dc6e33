import { Store } from './store.ts';

/** What this browser remembers of how its user wants to see the console. */

export type Theme = 'system' | 'light' | 'dark';
export type Clock = 'local' | 'utc';

const remembered = <T extends string>(name: string, values: readonly T[], initial: T): Store<T> => {
  const known = values.find((one) => one === read(name)) ?? initial;
  const store = new Store<T>(known);
  store.subscribe(() => write(name, store.get()));
  return store;
};

export const theme = remembered<Theme>('theme', ['system', 'light', 'dark'], 'system');
export const clock = remembered<Clock>('clock', ['local', 'utc'], 'local');

const showTheme = () => {
  document.documentElement.dataset.theme = theme.get();
};
theme.subscribe(showTheme);
showTheme();

/** A browser may forbid storage; then nothing is remembered. */
export function read(name: string): string | null {
  try {
    return localStorage.getItem(`console.${name}`);
  } catch {
    return null;
  }
}

export function write(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`console.${name}`);
    else localStorage.setItem(`console.${name}`, value);
  } catch {
    // See above.
  }
}
