import { Link } from '@tanstack/react-router';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { Badge } from '../look/parts.tsx';
import { Time } from '../look/time.tsx';
import figures from './figures.module.css';
import json from './json.module.css';
import css from './ops.module.css';

/** What the operators' pages are made of: dense, quiet, figures in columns. */

type OpsPageProps = { title: string; lead?: ReactNode; tools?: ReactNode; children: ReactNode };

export const OpsPage = ({ title, lead, tools, children }: OpsPageProps) => (
  <div className={css.page}>
    <header className={css.pageHead}>
      <div>
        <h1>{title}</h1>
        {lead && <p>{lead}</p>}
      </div>
      {tools && <div className={css.tools}>{tools}</div>}
    </header>
    {children}
  </div>
);

type PanelProps = { title: string; tools?: ReactNode; flush?: boolean; children: ReactNode };

export function Panel({ title, tools, flush, children }: PanelProps) {
  const id = useId();
  return (
    <section className={css.panel} aria-labelledby={id} data-flush={flush}>
      <header>
        <h2 id={id}>{title}</h2>
        {tools && <div className={css.tools}>{tools}</div>}
      </header>
      <div className={css.body}>{children}</div>
    </section>
  );
}

type Column = string | { label: string; right?: true; hidden?: true };

/** A table that scrolls by itself where the screen is narrow. */
export function Table({
  label,
  columns,
  children,
}: {
  label: string;
  columns: readonly Column[];
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <section className={css.scroll} aria-label={label} tabIndex={0}>
      <table className={css.table}>
        <thead>
          <tr>
            {columns.map((column) => {
              const { label, right, hidden } =
                typeof column === 'string'
                  ? ({ label: column } as Exclude<Column, string>)
                  : column;
              return (
                <th key={label} scope="col" data-right={right}>
                  {hidden ? <span className="visually-hidden">{label}</span> : label}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

export const Right = ({ children, ...rest }: ComponentProps<'td'>) => (
  <td data-right {...rest}>
    {children}
  </td>
);

const tones: Record<string, ComponentProps<typeof Badge>['tone']> = {
  ...{ live: 'good', done: 'good', running: 'calm', waiting: 'wait', building: 'calm' },
  ...{ behind: 'wait', 'trying-again': 'wait', cancelling: 'wait', failed: 'bad' },
  ...{ stopped: 'bad', stalled: 'bad', unserved: 'bad', away: 'bad' },
  ...{ slow: 'wait', 'not-ready': 'bad', gone: 'bad' },
};

export const State = ({ state }: { state: string }) => (
  <Badge tone={tones[state]}>{state.replace('-', ' ')}</Badge>
);

/** Names and values, one below the other. */
export const Facts = ({ children }: { children: ReactNode }) => (
  <dl className={figures.facts}>{children}</dl>
);

export const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** A figure with its unit, large enough to be read from afar. */
export const Figure = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className={figures.figure}>
    <span>{name}</span>
    <strong>{children}</strong>
  </div>
);

export const Figures = ({ children }: { children: ReactNode }) => (
  <div className={figures.figures}>{children}</div>
);

/** A link in running text or a table. */
export const To = ({ to, search, children }: ToProps) => (
  <Link to={to} {...(search && { search })} className={css.link}>
    {children}
  </Link>
);

type ToProps = {
  to: string;
  search?: Readonly<Record<string, string | undefined>>;
  children: ReactNode;
};

/** Lists have a line for each item, however many fields it has. */
const text = (value: unknown): string =>
  Array.isArray(value) && value.length > 1
    ? `[\n${value.map((item) => `  ${line(item)}`).join(',\n')}\n]`
    : JSON.stringify(value, null, 2);

/** With blanks, at which a narrow screen can break it. */
const line = (value: unknown): string => JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ');

/** The log keeps times as milliseconds since 1970, in fields with such names. */
const isTime = (name: string, value: unknown): value is number =>
  typeof value === 'number' && name.endsWith('At') && Number.isInteger(value);

/** JSON as people read it; changed fields of the first level are lit, times are told. */
export function Json({ value, lit = [] }: { value: unknown; lit?: readonly string[] }) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return <pre className={json.json}>{JSON.stringify(value, null, 2)}</pre>;
  }
  return (
    <pre className={json.json}>
      {Object.entries(value).map(([name, part]) => (
        <span key={name} data-lit={lit.includes(name)}>
          <b>{name}</b> {lit.includes(name) && <span className="visually-hidden">(changed) </span>}
          {text(part)}
          {isTime(name, part) && (
            <i>
              {'  '}
              <Time at={part} precise />
            </i>
          )}
        </span>
      ))}
    </pre>
  );
}
