import { useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../look/parts.tsx';
import { clock } from '../system/preferences.ts';
import { useStore } from '../system/store.ts';
import { type FieldName, type Filter, fields, filterIn, filterText, parsed } from './filter.ts';
import css from './filter-bar.module.css';

type FilterBarProps = {
  known: readonly FieldName[];
  /** What a word without `field:` is meant for. */
  bare: FieldName;
  placeholder: string;
};

export function useFilter(known: readonly FieldName[]): Filter {
  return filterIn(useSearch({ strict: false }) as Record<string, unknown>, known);
}

/** The filter of a page, as text; it stands in the address. */
export function FilterBar({ known, bare, placeholder }: FilterBarProps) {
  const current = filterText(useFilter(known));
  const [text, setText] = useState(current);
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const shownClock = useStore(clock);
  const { pathname } = useLocation();
  useEffect(() => setText(current), [current]);
  const apply = (wanted: string) => {
    const { filter, problem: found } = parsed(wanted, { known, bare, clock: shownClock });
    setProblem(found);
    if (!found) void navigate({ to: pathname, search: filter as object });
  };
  const add = (name: FieldName) => {
    setText((before) => `${before.trim()} ${name}:`.trimStart());
    field.current?.focus();
  };
  return (
    <search className={css.filter}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          apply(text);
        }}
      >
        <input
          ref={field}
          type="text"
          aria-label="Filter"
          aria-invalid={problem !== null}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <Button type="submit" icon="search">
          <span>Filter</span>
        </Button>
        {current && (
          <Button kind="plain" icon="close" onClick={() => apply('')}>
            <span>Clear</span>
          </Button>
        )}
      </form>
      <ul aria-label="What can be filtered by">
        {known.map((name) => (
          <li key={name}>
            <button type="button" title={fields[name].says} onClick={() => add(name)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
      {problem && <p role="alert">{problem}</p>}
    </search>
  );
}
