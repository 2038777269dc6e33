import { type ComponentProps, type ReactNode, useEffect, useState } from 'react';
import { ProblemError } from '#client/client.ts';
import { told } from '../system/api.ts';
import { Icon, type IconName } from './icons.tsx';
import css from './parts.module.css';

/** The parts that every page is made of. */

type ButtonProps = ComponentProps<'button'> & {
  icon?: IconName;
  kind?: 'normal' | 'main' | 'plain';
  size?: 'm' | 's';
  tone?: 'good' | 'bad';
};

export const Button = ({ icon, kind, size, tone, children, ...rest }: ButtonProps) => (
  <button
    type="button"
    className={css.button}
    data-kind={kind}
    data-size={size}
    data-tone={tone}
    {...rest}
  >
    {icon && <Icon name={icon} />}
    {children}
  </button>
);

export const buttonClass = css.button;
export const inputClass = css.input;

/** Of an input that has to be filled: the APIs take no text of blanks. */
export const toBeFilled = {
  required: true,
  pattern: String.raw`.*\S.*`,
  title: 'Write a word or more',
} as const;

export const Field = ({ label, children }: { label: string; children: ReactNode }) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children.
  <label className={css.field}>
    <span className={css.label}>{label}</span>
    {children}
  </label>
);

type Tone = 'good' | 'bad' | 'wait' | 'calm';

export const Badge = ({ tone, children }: { tone?: Tone | undefined; children: ReactNode }) => (
  <span className={css.badge} data-tone={tone}>
    {children}
  </span>
);

type PageProps = { title: string; lead?: ReactNode; tools?: ReactNode; children: ReactNode };

export const Page = ({ title, lead, tools, children }: PageProps) => (
  <div className={css.page}>
    <header className={css.pageHead}>
      <div>
        <h1 className={css.title}>{title}</h1>
        {lead && <p className={css.lead}>{lead}</p>}
      </div>
      {tools && <div className={css.row}>{tools}</div>}
    </header>
    {children}
  </div>
);

export const Card = ({ children }: { children: ReactNode }) => (
  <section className={css.card}>{children}</section>
);

export const Row = ({ children }: { children: ReactNode }) => (
  <div className={css.row}>{children}</div>
);

export const Empty = ({ title, children }: { title: string; children?: ReactNode }) => (
  <div className={css.state} data-empty>
    <h2>{title}</h2>
    {children}
  </div>
);

type FailureProps = { what?: string; error: unknown; again?: () => void };

/** A failure says what went wrong and what helps, and can be tried again where that may help. */
export function Failure({ what, error, again }: FailureProps) {
  const { title, detail, code } = told(error);
  const isMissing = error instanceof ProblemError && error.status === 404;
  return (
    <div className={`${css.state} ${css.failure}`} role="alert">
      <h2>{what ? `${capital(what)} couldn’t be read: ${title}` : title}</h2>
      <p>{detail}</p>
      <p className={css.row}>
        {again && !isMissing && <Button onClick={again}>Try again</Button>}
        <code>{code}</code>
      </p>
    </div>
  );
}

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

type LoadingProps = { what: string; rows?: number; height?: string };

/** Whoever waits for longer wants to know what for. */
const longWaitMs = 3_000;

/** Something that is on its way, in about its later size. */
export function Loading({ what, rows = 4, height = '3rem' }: LoadingProps) {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), longWaitMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={css.page} role="status" aria-label={`Loading ${what}`}>
      {isLong && <p>Still waiting for {what}: the API gives no answer to it yet.</p>}
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike.
        <div key={index} className={css.skeleton} style={{ height }} />
      ))}
    </div>
  );
}

/** Says, beside what is shown, that a later read failed; that can be tried again. */
export function Missed({
  what,
  error,
  again,
}: {
  what: string;
  error: unknown;
  again: () => void;
}) {
  const { title } = told(error);
  return (
    <p className={css.missed} role="alert">
      <span>
        {what}: {title}
      </span>
      <Button size="s" onClick={again}>
        Try again
      </Button>
    </p>
  );
}

/** Says, small, why something is called by less than its name. */
export const Unnamed = ({ what, asked }: { what: string; asked: Asked<unknown> }) =>
  asked.data === undefined && asked.error ? (
    <small className={css.unnamed} role="status">
      {capital(what)} couldn’t be read: {told(asked.error).title}
    </small>
  ) : null;

/** Of an answer that is read again at times; a list comes in pages, too. */
type Read = {
  error: unknown;
  refetch: () => unknown;
  isFetchNextPageError?: boolean;
  fetchNextPage?: () => unknown;
};

/** Says so if an answer that is shown couldn't be read again; nothing while nothing is shown. */
export const MissedRead = ({ asked, what }: { asked: Read & { data: unknown }; what: string }) =>
  asked.data !== undefined && asked.error && !asked.isFetchNextPageError ? (
    <Missed
      what={`${capital(what)} couldn’t be read again`}
      error={asked.error}
      again={() => void asked.refetch()}
    />
  ) : null;

type Asked<T> = Read & { data: T | undefined };

/**
 * What was asked for: on its way, failed, or there. Old data stays while a read of it, or of the
 * page after it, fails; that is said beside it.
 */
export function Shown<T>({
  what,
  asked,
  loading,
  children,
}: {
  /** As one would call it in a sentence: the ranking. */
  what: string;
  asked: Asked<T>;
  loading?: ReactNode;
  children: (data: T) => ReactNode;
}) {
  const { data, error, refetch, isFetchNextPageError, fetchNextPage } = asked;
  if (data !== undefined) {
    return (
      <>
        <MissedRead what={what} asked={asked} />
        {children(data)}
        {isFetchNextPageError && (
          <Missed
            what="The next ones couldn’t be read"
            error={error}
            again={() => void fetchNextPage?.()}
          />
        )}
      </>
    );
  }
  if (error) return <Failure what={what} error={error} again={() => void refetch()} />;
  return loading ?? <Loading what={what} />;
}
