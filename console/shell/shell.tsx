import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Icon } from '../look/icons.tsx';
import { Button, buttonClass } from '../look/parts.tsx';
import { troubles } from '../system/connection.ts';
import { useStream } from '../system/live.ts';
import { clock, type Theme, theme } from '../system/preferences.ts';
import { session } from '../system/session.ts';
import { useStore } from '../system/store.ts';
import { Journal } from './journal.tsx';
import { operatorPages, type PageLink, viewerPages } from './pages.ts';
import { openPalette, Palette } from './palette.tsx';
import { RequestsButton } from './requests.tsx';
import { screen } from './screen.ts';
import css from './shell.module.css';
import { UserMenu } from './user-menu.tsx';

/** What stands around every page. */
export function Shell() {
  return (
    <div className={css.shell}>
      <button type="button" className={css.skip} onClick={skip}>
        Skip to the page
      </button>
      <Bar />
      <Pages />
      <Main />
      <Journal />
      <Palette />
    </div>
  );
}

function Pages() {
  const nav = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  // The links mark the page once it is there, which may be later than its address.
  const arrived = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  // On a phone the pages are one row, in which the current one may be far to the right.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new page asks for it.
  useEffect(() => {
    const row = nav.current;
    const at = row?.querySelector('[aria-current]')?.getBoundingClientRect();
    if (!row || !at) return;
    const shown = row.getBoundingClientRect();
    // Not by scrollIntoView, from where Tab would go on, past the way around all pages.
    row.scrollBy({
      left: at.left + at.width / 2 - (shown.left + shown.width / 2),
      top: Math.min(at.top - shown.top, Math.max(at.bottom - shown.bottom, 0)),
    });
  }, [path, arrived]);
  return (
    <nav className={css.nav} aria-label="Pages" ref={nav}>
      <Links title="Watch" pages={viewerPages} path={path} />
      <Links title="Operate" pages={operatorPages} path={path} />
    </nav>
  );
}

/** Not a link: the part of the address after its # names the page. */
const skip = () => document.getElementById('main')?.focus();

type LinksProps = { title: string; pages: readonly PageLink[]; path: string };

const Links = ({ title, pages, path }: LinksProps) => (
  <section>
    <h2>{title}</h2>
    <ul>
      {pages.map(({ to, label, icon, parts }) => (
        <li key={to}>
          <Link
            to={to}
            aria-current={parts?.includes(path) ? 'page' : undefined}
            activeOptions={{ exact: to === '/' || to === '/ops', includeSearch: false }}
          >
            <Icon name={icon} />
            {label}
          </Link>
        </li>
      ))}
    </ul>
  </section>
);

/** Of three looks, two are the same: each first step is to the one that differs. */
function nextTheme(shown: Theme): Theme {
  const isDark = window.matchMedia('(prefers-color-scheme: dark)').matches;
  const [other, same] = isDark ? (['light', 'dark'] as const) : (['dark', 'light'] as const);
  if (shown === 'system') return other;
  return shown === other ? same : 'system';
}

const themeIcon = { system: 'auto', light: 'sun', dark: 'moon' } as const;

function Bar() {
  const shownTheme = useStore(theme);
  const shownClock = useStore(clock);
  return (
    <header className={css.bar}>
      <Link to="/" className={css.brand} aria-label="Movies: to the rankings">
        <img src="./favicon.svg" alt="" />
        <span>Movies</span>
      </Link>
      <button
        type="button"
        className={css.find}
        onClick={openPalette}
        aria-keyshortcuts="Control+K"
      >
        <Icon name="search" />
        <span>Find a film or a page</span>
        <kbd>Ctrl K</kbd>
      </button>
      <div className={css.tools}>
        <Button
          kind="plain"
          icon="clock"
          title="Times in UTC or in the zone of this computer"
          onClick={() => clock.set(shownClock === 'utc' ? 'local' : 'utc')}
        >
          <span>
            {shownClock === 'utc' ? 'UTC' : 'Local'}
            {shownClock === 'local' && <span className={css.spare}> time</span>}
          </span>
        </Button>
        <Button
          kind="plain"
          icon={themeIcon[shownTheme]}
          aria-label={`Theme: ${shownTheme}`}
          title={`Theme: ${shownTheme}`}
          onClick={() => theme.set(nextTheme(shownTheme))}
        />
        <UserMenu />
      </div>
    </header>
  );
}

function Main() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const shown = useRef(path);
  useEffect(() => {
    // Who listens to the page, or moves by keyboard, begins at the new page's top.
    if (shown.current !== path) main.current?.focus({ preventScroll: true });
    shown.current = path;
  }, [path]);
  return (
    <main id="main" className={css.main} tabIndex={-1} ref={main}>
      <Troubles />
      {/* What one user has typed or revealed is nothing to the next. */}
      <Outlet key={useStore(session)?.user ?? null} />
      <BehindTheScreen />
    </main>
  );
}

function Troubles() {
  useStream();
  const known = Object.entries(useStore(troubles));
  return (
    <div role="status">
      {known.map(([base, { reason }]) => (
        <p key={base} className={css.trouble}>
          <Icon name="alert" />
          {reason}
        </p>
      ))}
    </div>
  );
}

/** Every screen shows how it was made: the requests that it sent, and the events behind it. */
function BehindTheScreen() {
  const { behind, title } = useStore(screen);
  return (
    <footer className={css.behind}>
      <p>How was this screen made?</p>
      <RequestsButton title={title} />
      {behind && (
        <Link to="/ops/streams" search={behind as object} className={buttonClass} data-size="s">
          <Icon name="events" />
          Show the events
        </Link>
      )}
    </footer>
  );
}
