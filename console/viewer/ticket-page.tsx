import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { answerOf, type Schemas } from '#client/client.ts';
import { Button, Card, Field, inputClass, Page, Row, Shown, Unnamed } from '../look/parts.tsx';
import { Time } from '../look/time.tsx';
import { useScreen } from '../shell/screen.ts';
import { perform } from '../system/act.ts';
import { api } from '../system/api.ts';
import { useLive } from '../system/live.ts';
import { hasRole, session } from '../system/session.ts';
import { useStore } from '../system/store.ts';
import { stepOfTicket, type TicketStep } from '../system/tickets.ts';
import { useMovie } from './film-spotlight.tsx';
import { useFormKeys } from './form-keys.ts';
import { Timeline } from './ticket-timeline.tsx';
import css from './tickets-page.module.css';
import { Status } from './tickets-page.tsx';

type Ticket = Schemas['Ticket'];

/** A ticket on its way to its service order. */
export function TicketPage() {
  const { ticketId = '' } = useParams({ strict: false });
  useScreen('Ticket', { ticket: ticketId });
  const key = ['ticket', ticketId];
  const asked = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      answerOf(
        api().queries.GET('/v1/tickets/{ticketId}', { params: { path: { ticketId } }, signal }),
      ),
  });
  useLive(key, ['tickets'], ticketId);
  const shown = (
    <Shown what="the ticket" asked={asked}>
      {(ticket) => <Shows ticket={ticket} />}
    </Shown>
  );
  return asked.data ? shown : <Page title="Ticket">{shown}</Page>;
}

function Shows({ ticket }: { ticket: Ticket }) {
  const { subject, status, openedBy, openedAt, movieId, serviceOrder } = ticket;
  return (
    <Page
      title={subject}
      lead={
        <>
          <Status status={status} /> {openedBy}, <Time at={openedAt} />
          {movieId && (
            <>
              {' · '}
              <FilmLink movieId={movieId} />
            </>
          )}
        </>
      }
    >
      <div className={css.order} data-waiting={serviceOrder ? undefined : ''} role="status">
        {serviceOrder ? (
          <>
            <span>Technical support has a service order for it</span>
            <strong>{serviceOrder.orderNumber}</strong>
            <Time at={serviceOrder.createdAt} />
          </>
        ) : (
          <span>The ticket is on its way to technical support …</span>
        )}
      </div>
      <Timeline ticket={ticket} />
      <Steps ticket={ticket} />
    </Page>
  );
}

function FilmLink({ movieId }: { movieId: string }) {
  const asked = useMovie(movieId);
  return (
    <>
      <Link to="/movies/$movieId" params={{ movieId }}>
        {asked.data?.title ?? movieId}
      </Link>{' '}
      <Unnamed what="the film’s title" asked={asked} />
    </>
  );
}

const labels: Record<TicketStep, string> = {
  messages: 'Add the message',
  resolve: 'Resolve',
  close: 'Close',
  reopen: 'Reopen',
};

function Steps({ ticket: { ticketId, status } }: { ticket: Ticket }) {
  const isSupport = hasRole(useStore(session), 'support');
  const keys = useFormKeys();
  const possible: TicketStep[] =
    status === 'closed'
      ? ['reopen']
      : [
          'messages',
          ...(isSupport && status === 'open' ? (['resolve'] as const) : []),
          ...(status === 'resolved' ? (['reopen'] as const) : []),
          'close',
        ];
  const submit = (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { submitter } = event.nativeEvent as SubmitEvent;
    const form = event.currentTarget;
    const step = (submitter as HTMLButtonElement).value as TicketStep;
    const message = String(new FormData(form).get('message')).trim();
    if (step === 'messages' && message === '') return;
    const done = () => {
      form.reset();
      keys.forget();
    };
    const act = { ...stepOfTicket(ticketId, step, message), done };
    void perform(act, keys.keyOf({ step, message }));
  };
  return (
    <Card>
      <form className={css.form} onSubmit={submit}>
        <Field label="Message">
          <textarea name="message" className={inputClass} rows={2} maxLength={5_000} />
        </Field>
        <Row>
          {possible.map((step) => (
            <Button key={step} type="submit" name="step" value={step}>
              {labels[step]}
            </Button>
          ))}
        </Row>
      </form>
    </Card>
  );
}
