import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf, type Schemas } from '#client/client.ts';
import {
  Badge,
  Button,
  Card,
  Empty,
  Field,
  inputClass,
  Page,
  Shown,
  toBeFilled,
  Unnamed,
} from '../look/parts.tsx';
import { Time } from '../look/time.tsx';
import { eventsOfTopic, useScreen } from '../shell/screen.ts';
import { perform } from '../system/act.ts';
import { api } from '../system/api.ts';
import { useLive } from '../system/live.ts';
import { hasRole, session } from '../system/session.ts';
import { useStore } from '../system/store.ts';
import { type Opened, openTicket } from '../system/tickets.ts';
import { useMovie } from './film-spotlight.tsx';
import { useFormKeys } from './form-keys.ts';
import css from './tickets-page.module.css';

type TicketPage = { items: Schemas['Ticket'][]; next: string | null; count: number };

/** Tickets of the user; for support, everybody's. */
export function TicketsPage() {
  const current = useStore(session);
  useScreen('Tickets', eventsOfTopic('support'));
  const isSupport = hasRole(current, 'support');
  return (
    <Page title="Tickets" lead="Each ticket gets a service order from technical support, once.">
      {hasRole(current, 'viewer') && <NewTicket />}
      {current ? (
        <Tickets path={isSupport ? '/v1/tickets' : '/v1/me/tickets'} />
      ) : (
        <Empty title="Sign in to see your tickets" />
      )}
    </Page>
  );
}

function NewTicket() {
  const { movie } = useSearch({ strict: false }) as { movie?: string };
  const navigate = useNavigate();
  const [isBusy, setBusy] = useState(false);
  const keys = useFormKeys();
  const submit = async (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const values = new FormData(form);
    setBusy(true);
    const ticket = {
      subject: String(values.get('subject')).trim(),
      message: String(values.get('message')).trim(),
      ...(movie && { movieId: movie }),
    };
    const done = ({ ticketId }: Opened) =>
      void navigate({ to: '/tickets/$ticketId', params: { ticketId } });
    await perform({ ...openTicket(ticket), done }, keys.keyOf(ticket));
    setBusy(false);
  };
  return (
    <Card>
      <form className={css.form} onSubmit={(event) => void submit(event)}>
        {movie ? <AboutFilm movieId={movie} /> : <h2>What is wrong?</h2>}
        <Field label="Subject">
          <input name="subject" className={inputClass} maxLength={120} {...toBeFilled} />
        </Field>
        <Field label="Message">
          <textarea name="message" className={inputClass} rows={3} maxLength={5_000} required />
        </Field>
        <Button type="submit" kind="main" icon="ticket" disabled={isBusy}>
          Open a ticket
        </Button>
      </form>
    </Card>
  );
}

function AboutFilm({ movieId }: { movieId: string }) {
  const asked = useMovie(movieId);
  return (
    <>
      <h2>What is wrong with {asked.data?.title ?? movieId}?</h2>
      <Unnamed what="the film’s title" asked={asked} />
    </>
  );
}

const tones = { open: 'calm', resolved: 'good', closed: undefined } as const;

export const Status = ({ status }: { status: string }) => (
  <Badge tone={tones[status as keyof typeof tones]}>{status}</Badge>
);

function Tickets({ path }: { path: '/v1/tickets' | '/v1/me/tickets' }) {
  const key = ['tickets', path];
  const asked = useInfiniteQuery({
    queryKey: key,
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }: TicketPage) => next,
    queryFn: ({ pageParam, signal }): Promise<TicketPage> => {
      const query = { limit: 50, ...(pageParam && { cursor: pageParam }) };
      return answerOf(api().queries.GET(path, { params: { query }, signal }));
    },
  });
  useLive(key, ['tickets']);
  return (
    <Shown what="the tickets" asked={asked}>
      {({ pages }) =>
        pages[0]?.count === 0 ? (
          <Empty title="No ticket yet">
            <p>Viewers open one here, or on the page of a film.</p>
          </Empty>
        ) : (
          <>
            <ul className={css.tickets}>
              {pages
                .flatMap(({ items }) => items)
                .map((ticket) => (
                  <Line key={ticket.ticketId} ticket={ticket} />
                ))}
            </ul>
            {asked.hasNextPage && (
              <Button onClick={() => void asked.fetchNextPage()}>Show more</Button>
            )}
          </>
        )
      }
    </Shown>
  );
}

function Line({ ticket }: { ticket: Schemas['Ticket'] }) {
  const { ticketId, subject, status, openedBy, openedAt, serviceOrder } = ticket;
  return (
    <li>
      <Link to="/tickets/$ticketId" params={{ ticketId }}>
        {subject}
      </Link>
      <p>
        <Status status={status} /> {openedBy}, <Time at={openedAt} />
      </p>
      <code>{serviceOrder?.orderNumber ?? 'no order yet'}</code>
    </li>
  );
}
