import { type ComponentProps, useState } from 'react';
import { Icon } from '../look/icons.tsx';
import { Badge, Button, Row } from '../look/parts.tsx';
import { Time } from '../look/time.tsx';
import { perform } from '../system/act.ts';
import { reveal } from './acts.ts';
import { whole } from './amounts.ts';
import { type OpsEvent, placeOf } from './contract.ts';
import css from './events.module.css';
import { Fact, Facts, Json, To } from './parts.tsx';
import { Question } from './question.tsx';

/** An event of the log as operators see it. */

export const Type = ({ event }: { event: OpsEvent }) =>
  event.type === null ? <Badge tone="bad">can’t be decoded</Badge> : <strong>{event.type}</strong>;

export const Place = ({ event }: { event: OpsEvent }) => (
  <code className={css.place} title="Topic, lane and offset in the log">
    {placeOf(event)}
  </code>
);

/** All of one event, with links to what belongs to it. */
export function EventDetails({ event, lit }: { event: OpsEvent; lit?: readonly string[] }) {
  const [lastRevealed, setRevealed] = useState<OpsEvent | null>(null);
  const isOfThis = lastRevealed !== null && placeOf(lastRevealed) === placeOf(event);
  const shown = isOfThis ? lastRevealed : event;
  const mask = maskOf(shown);
  const { subject, sequence, actor, correlationid, causationid, id, key, time } = event;
  return (
    <div className={css.details}>
      <p className={css.head}>
        <Type event={event} /> <Place event={event} />
      </p>
      {event.undecodable && <p role="alert">{event.undecodable}</p>}
      <Facts>
        <Fact name="Time">
          <Time at={time} precise />
        </Fact>
        <Fact name="Stream">
          {subject ? (
            <To to="/ops/streams" search={{ stream: subject }}>
              {subject}
            </To>
          ) : (
            '—'
          )}
          {sequence !== null && <span className={css.quiet}> · number {sequence}</span>}
        </Fact>
        <Fact name="Who did it">
          {actor ? (
            <To to="/ops/streams" search={{ user: actor }}>
              {actor}
            </To>
          ) : (
            '—'
          )}
        </Fact>
        <Fact name="Correlation">
          {correlationid ? (
            <To to="/ops/trace" search={{ correlation: correlationid }}>
              {correlationid}
            </To>
          ) : (
            '—'
          )}
        </Fact>
        <Fact name="Caused by">{causationid ?? '—'}</Fact>
        <Fact name="Id">{id ?? '—'}</Fact>
        <Fact name="Key">{key ?? '—'}</Fact>
      </Facts>
      {shown.raw ? <Raw raw={shown.raw} /> : <Json value={shown.data} {...(lit && { lit })} />}
      {mask && <Masked says={mask} event={event} onShown={setRevealed} />}
    </div>
  );
}

/** The bytes that no code can decode, as far as they are shown. */
const Raw = ({ raw: { bytes, dump } }: { raw: NonNullable<OpsEvent['raw']> }) => (
  <figure className={css.raw}>
    <figcaption>
      {bytes > shownBytes && `The first ${whole(shownBytes)} of `}
      {bytes === 1 ? 'one byte' : `${whole(bytes)} bytes`}
    </figcaption>
    {dump && (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard.
      <pre tabIndex={0}>{dump}</pre>
    )}
  </figure>
);

/** So many of a record's bytes does the API show. */
const shownBytes = 1_024;

/** What is masked, if anything is. */
function maskOf({ masked, raw }: OpsEvent): string | null {
  if (raw?.dump === null) return 'Masked, since people may have written some of it.';
  return masked.length > 0 ? `Masked, since people wrote it: ${masked.join(', ')}.` : null;
}

type MaskedProps = { says: string; event: OpsEvent; onShown: (revealed: OpsEvent) => void };

/** What people wrote is masked; whoever reveals it says so in the log. */
function Masked({ says, event, onShown }: MaskedProps) {
  const [isAsking, setAsking] = useState(false);
  return (
    <Row>
      <span className={css.quiet}>{says}</span>
      <Button size="s" onClick={() => setAsking(true)}>
        Reveal
      </Button>
      {isAsking && (
        <Question
          title="Read what people wrote?"
          yes="Reveal"
          why
          onYes={(reason) => void perform(reveal(placeOf(event), reason, onShown))}
          onClose={() => setAsking(false)}
        >
          <p>The audit keeps who read it, and why.</p>
        </Question>
      )}
    </Row>
  );
}

type EventLineProps = {
  event: OpsEvent;
  lit?: boolean;
  /** Where it stands in a long list. */
  row?: ComponentProps<'li'> & { 'data-index': number };
};

/** A line for an event, which opens to all of it. */
export function EventLine({ event, lit, row }: EventLineProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li className={css.line} data-lit={lit} {...row}>
      <Button
        kind="plain"
        size="s"
        aria-expanded={isOpen}
        aria-label={`${event.type ?? 'An event'} at ${placeOf(event)}`}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="arrow" />
      </Button>
      <span className={css.when}>
        <Time at={event.time} only="time" />
      </span>
      <span className={css.type}>
        <Type event={event} />
      </span>
      <span className={css.subject}>{event.subject ?? event.key}</span>
      <Place event={event} />
      {isOpen && <EventDetails event={event} />}
    </li>
  );
}
