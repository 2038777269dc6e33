import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useId, useState } from 'react';
import { answerOf } from '#client/client.ts';
import { Icon, type IconName } from '../look/icons.tsx';
import { Missed } from '../look/parts.tsx';
import { answers } from '../system/answers.ts';
import { api } from '../system/api.ts';
import { Store, useStore } from '../system/store.ts';
import { commands } from './commands.ts';
import { Dialog } from './dialog.tsx';
import { operatorPages, viewerPages } from './pages.ts';
import css from './palette.module.css';
import { placesFor } from './places.ts';

const isOpen = new Store(false);
export const openPalette = () => isOpen.set(true);

/** Finds films, pages and commands as one types: Ctrl K, or / outside of a field. */
export function Palette() {
  const open = useStore(isOpen);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const inField = (event.target as HTMLElement).closest?.('input, textarea, select');
      const isK = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
      if (!isK && (event.key !== '/' || inField)) return;
      event.preventDefault();
      openPalette();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  if (!open) return null;
  return (
    <Dialog title="Find" onClose={() => isOpen.set(false)}>
      <Finder onDone={() => isOpen.set(false)} />
    </Dialog>
  );
}

type Found = { id: string; label: string; detail: string; icon: IconName } & (
  | { to: string; search?: Readonly<Record<string, string>> }
  | { run: () => void }
);

type Films = { error: unknown; isBusy: boolean; again(): void };

const said = (count: number): string =>
  count === 0 ? 'Nothing is called like this. Try less of the word, or an id.' : `${count} found`;

function useFound(text: string): { found: Found[]; films: Films } {
  const films = useQuery({
    queryKey: ['search', text],
    enabled: text !== '',
    queryFn: ({ signal }) =>
      answerOf(
        api().queries.GET('/v1/search', { params: { query: { q: text, limit: 8 } }, signal }),
      ),
  });
  const words = text.toLowerCase();
  const isMeant = ({ label, also = '' }: { label: string; also?: string }) =>
    `${label} ${also}`.toLowerCase().includes(words);
  const pages = [...viewerPages, ...operatorPages].filter(isMeant).map(({ to, label }) => ({
    ...{ id: to, label, detail: 'Page', to, icon: 'arrow' as const },
  }));
  // Who types how a page is called means it, whatever films have the word.
  const isNamed = ({ label }: { label: string }) =>
    text !== '' && label.toLowerCase().startsWith(words);
  const found: Found[] = [
    ...placesFor(text).map((place) => ({ ...place, id: place.label, detail: 'Operate' })),
    ...pages.filter(isNamed),
    ...(text === '' ? [] : (films.data?.items ?? [])).map(({ movieId, title, year, genres }) => ({
      ...{ id: movieId, label: title, detail: `${year} · ${genres.join(', ')}` },
      ...{ to: `/movies/${movieId}`, icon: 'film' as const },
    })),
    ...pages.filter((page) => !isNamed(page)),
    ...commands()
      .filter(isMeant)
      .map(({ label, icon, run }) => ({ id: label, label, detail: 'Command', icon, run })),
  ];
  const { error, isLoading: isBusy } = films;
  return { found, films: { error, isBusy, again: () => void films.refetch() } };
}

function Finder({ onDone }: { onDone: () => void }) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const { found, films } = useFound(text.trim());
  const navigate = useNavigate();
  const list = useId();
  // More may be found than there is room for.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is found moves the chosen one.
  useEffect(() => {
    document.getElementById(`${list}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [list, active, found.length]);
  const go = (one: Found) => {
    onDone();
    void answers.cancelQueries({ queryKey: ['search'] });
    if ('run' in one) one.run();
    else void navigate({ to: one.to, ...(one.search && { search: one.search as object }) });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = found[active];
    if (step) setActive((active + step + found.length) % Math.max(found.length, 1));
    else if (event.key === 'Enter' && chosen) go(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <div className={css.finder}>
      <input
        role="combobox"
        aria-label="Find a film, a page or a command"
        aria-expanded={found.length > 0}
        aria-controls={list}
        aria-activedescendant={found[active] && `${list}-${active}`}
        className={css.input}
        placeholder="A film, a page, a command, or movie:m81 …"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={list} role="listbox" aria-label="Found" className={css.found}>
        {found.map((one, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys.
          <div
            key={one.id}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onClick={() => go(one)}
          >
            <Icon name={one.icon} />
            <span>{one.label}</span>
            <small>{one.detail}</small>
          </div>
        ))}
      </div>
      {Boolean(films.error) && (
        <Missed what="Films couldn’t be searched" error={films.error} again={films.again} />
      )}
      <p className={found.length > 0 ? 'visually-hidden' : css.none} role="status">
        {films.isBusy ? 'Looking for films …' : said(found.length)}
      </p>
    </div>
  );
}
