import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useId, useState } from 'react';
import { answerOf } from '#client/client.ts';
import { Icon } from '../look/icons.tsx';
import { answers, api } from '../system/api.ts';
import { Store, useStore } from '../system/store.ts';
import { Dialog } from './dialog.tsx';
import { operatorPages, viewerPages } from './pages.ts';
import css from './palette.module.css';

const isOpen = new Store(false);
export const openPalette = () => isOpen.set(true);

/** Finds films and pages as one types: Ctrl K, or / outside of a field. */
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

type Found = { id: string; label: string; detail: string; to: string; icon: 'film' | 'arrow' };

function useFound(text: string): Found[] {
  const films = useQuery({
    queryKey: ['search', text],
    enabled: text !== '',
    queryFn: ({ signal }) =>
      answerOf(
        api().queries.GET('/v1/search', { params: { query: { q: text, limit: 8 } }, signal }),
      ),
  });
  const words = text.toLowerCase();
  const pages = [...viewerPages, ...operatorPages].filter(({ label, also = '' }) =>
    `${label} ${also}`.toLowerCase().includes(words),
  );
  return [
    ...(text === '' ? [] : (films.data?.items ?? [])).map(({ movieId, title, year, genres }) => ({
      ...{ id: movieId, label: title, detail: `${year} · ${genres.join(', ')}` },
      ...{ to: `/movies/${movieId}`, icon: 'film' as const },
    })),
    ...pages.map(({ to, label }) => ({
      ...{ id: to, label, detail: 'Page', to, icon: 'arrow' as const },
    })),
  ];
}

function Finder({ onDone }: { onDone: () => void }) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const found = useFound(useDeferredValue(text.trim()));
  const navigate = useNavigate();
  const list = useId();
  const go = ({ to }: Found) => {
    onDone();
    void answers.cancelQueries({ queryKey: ['search'] });
    void navigate({ to });
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
        // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type here.
        autoFocus
        role="combobox"
        aria-label="Find a film or a page"
        aria-expanded={found.length > 0}
        aria-controls={list}
        aria-activedescendant={found[active] && `${list}-${active}`}
        className={css.input}
        placeholder="A film, a person, a page …"
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
      <p className="visually-hidden" role="status">
        {found.length} found
      </p>
    </div>
  );
}
