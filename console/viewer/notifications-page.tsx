import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answerOf, type Schemas } from '#client/client.ts';
import { Icon } from '../look/icons.tsx';
import { Button, Empty, Page, Shown, Unnamed } from '../look/parts.tsx';
import { Time } from '../look/time.tsx';
import { useScreen } from '../shell/screen.ts';
import { api } from '../system/api.ts';
import { useLive } from '../system/live.ts';
import { session } from '../system/session.ts';
import { useStore } from '../system/store.ts';
import css from './notifications-page.module.css';

type Notification = Schemas['Notification'];
type Notifications = { items: Notification[]; next: string | null; count: number };

/** Due reminders, and what others did to the user's tickets. */
export function NotificationsPage() {
  const current = useStore(session);
  useScreen('Notifications', current && { user: current.user });
  return (
    <Page title="Notifications" lead="Due reminders, and news of your tickets.">
      {current ? <List /> : <Empty title="Sign in to see your notifications" />}
    </Page>
  );
}

function List() {
  const key = ['me', 'notifications'];
  const asked = useInfiniteQuery({
    queryKey: key,
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }: Notifications) => next,
    queryFn: ({ pageParam, signal }): Promise<Notifications> => {
      const query = { limit: 50, ...(pageParam && { cursor: pageParam }) };
      return answerOf(api().queries.GET('/v1/me/notifications', { params: { query }, signal }));
    },
  });
  useLive(key, ['reminders', 'tickets', 'notifications']);
  return (
    <Shown what="the notifications" asked={asked}>
      {({ pages }) =>
        pages[0]?.count === 0 ? (
          <Empty title="Nothing new">
            <p>Let yourself be reminded of a film, or open a ticket.</p>
          </Empty>
        ) : (
          <>
            <Lines items={pages.flatMap(({ items }) => items)} />
            {asked.hasNextPage && (
              <Button onClick={() => void asked.fetchNextPage()}>Show more</Button>
            )}
          </>
        )
      }
    </Shown>
  );
}

function Lines({ items }: { items: readonly Notification[] }) {
  const subjects = useSubjects(items.some(({ type }) => type === 'ticket'));
  return (
    <>
      <Unnamed what="what your tickets are about" asked={subjects} />
      <ul className={css.notifications}>
        {items.map((one) => (
          <li key={one.notificationId}>
            <Icon name={one.type === 'ticket' ? 'ticket' : 'bell'} />
            <News notification={one} />
            <Time at={one.at} />
          </li>
        ))}
      </ul>
    </>
  );
}

const happened: Record<Schemas['TicketNotification']['news'], string> = {
  'service-order': 'has a service order',
  message: 'has a new message',
  resolved: 'was resolved',
  reopened: 'was reopened',
  closed: 'was closed',
};

function TicketNews({ ticketId, news }: Schemas['TicketNotification']) {
  const subject = useSubjects().data?.get(ticketId);
  return (
    <Link to="/tickets/$ticketId" params={{ ticketId }}>
      {subject ? `“${subject}”` : 'Your ticket'} {happened[news]}
    </Link>
  );
}

/** What the newest of the user's tickets are about; an older one is only called a ticket. */
const useSubjects = (isAsked = true) =>
  useQuery({
    queryKey: ['me', 'tickets', 'subjects'],
    enabled: isAsked,
    queryFn: ({ signal }) => {
      const query = { limit: 100, sort: '-openedAt' as const };
      return answerOf(api().queries.GET('/v1/me/tickets', { params: { query }, signal }));
    },
    select: ({ items }) => new Map(items.map(({ ticketId, subject }) => [ticketId, subject])),
  });

function News({ notification }: { notification: Notification }) {
  if (notification.type === 'ticket') return <TicketNews {...notification} />;
  if (notification.type === 'webhook-disabled') {
    return <>Your webhook was disabled, since it took nothing for days.</>;
  }
  const { movieId, title } = notification;
  return (
    <Link to="/movies/$movieId" params={{ movieId }}>
      It is time for {title ?? movieId}
    </Link>
  );
}
