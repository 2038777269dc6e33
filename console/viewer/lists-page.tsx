import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { answerOf, type Schemas } from '#client/client.ts';
import { Cover } from '../look/cover.tsx';
import { Badge, Button, Empty, Page, Shown } from '../look/parts.tsx';
import { Time } from '../look/time.tsx';
import { useScreen } from '../shell/screen.ts';
import { type Act, perform } from '../system/act.ts';
import { forgetReminder, removePlay, vote } from '../system/acts.ts';
import { api } from '../system/api.ts';
import { useLive } from '../system/live.ts';
import { session } from '../system/session.ts';
import { useStore } from '../system/store.ts';
import css from './lists-page.module.css';

type Item = Schemas['Vote'] | Schemas['Reminder'] | Schemas['Play'];
type Film = { movieId: string; title: string };

const lists = {
  votes: 'Votes',
  reminders: 'Reminders',
  watched: 'Watched',
} as const;
type List = keyof typeof lists;
const isList = (name: string): name is List => name in lists;

/** What the user said about films; each line can be taken back, and that can be undone. */
export function ListsPage() {
  const { list = 'votes' } = useParams({ strict: false });
  const current = useStore(session);
  useScreen('My lists', current && { user: current.user });
  const isKnown = isList(list);
  return (
    <Page
      title="My lists"
      lead={current ? `The votes, reminders and films of ${current.user}.` : undefined}
    >
      <nav className={css.tabs} aria-label="Lists">
        {Object.entries(lists).map(([name, label]) => (
          <Link key={name} to="/me/$list" params={{ list: name }}>
            {label}
          </Link>
        ))}
      </nav>
      {!isKnown && <Empty title="There is no such list" />}
      {isKnown && !current && <Empty title="Sign in to see your lists" />}
      {isKnown && current && <Lines list={list} />}
    </Page>
  );
}

function useList(list: List) {
  return useInfiniteQuery({
    queryKey: ['me', list],
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }: { next: string | null }) => next,
    queryFn: ({
      pageParam,
      signal,
    }): Promise<{
      items: Item[];
      next: string | null;
      count: number;
    }> => {
      const query = { limit: 50, ...(pageParam && { cursor: pageParam }) };
      return answerOf(api().queries.GET(`/v1/me/${list}`, { params: { query }, signal }));
    },
  });
}

function Lines({ list }: { list: List }) {
  const asked = useList(list);
  useLive(['me', list], [list]);
  return (
    <Shown what="the list" asked={asked}>
      {({ pages }) =>
        pages[0]?.count === 0 ? (
          <Empty title="Nothing here yet">
            <p>
              <Link to="/movies">Find a film</Link>, and say what you think of it as a viewer.
            </p>
          </Empty>
        ) : (
          <>
            <p className={css.count}>{pages[0]?.count} in all</p>
            <ul className={css.lines}>
              {pages
                .flatMap(({ items }) => items)
                .map((item) => (
                  <Line key={'playId' in item ? item.playId : item.movieId} item={item} />
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

function Line({ item }: { item: Item }) {
  const { movieId, year, genres, retired } = item;
  const film = { movieId, title: item.title ?? movieId };
  const { about, takeBack } = shown(item, film);
  return (
    <li>
      <span className={css.thumb}>
        <Cover {...film} year={year} genres={genres} />
      </span>
      <div>
        <Link to="/movies/$movieId" params={{ movieId }}>
          {film.title}
        </Link>{' '}
        {retired && <Badge tone="wait">Retired</Badge>}
        <p>{about}</p>
      </div>
      <Button size="s" onClick={() => void perform(takeBack)}>
        Remove
      </Button>
    </li>
  );
}

function shown(item: Item, film: Film): { about: ReactNode; takeBack: Act } {
  if ('vote' in item) {
    const mine = item.vote as 'like' | 'dislike';
    return {
      about: (
        <>
          <Badge tone={mine === 'like' ? 'good' : 'bad'}>{mine}</Badge> <Time at={item.castAt} />
        </>
      ),
      takeBack: vote(film, null, mine),
    };
  }
  if ('playId' in item) {
    return {
      about: (
        <>
          watched <Time at={item.watchedAt} />
        </>
      ),
      takeBack: removePlay(film, item),
    };
  }
  const { note, remindAt, setAt } = item;
  return {
    about: (
      <>
        {remindAt ? <Time at={remindAt} /> : 'some day'}
        {note && ` — ${note}`}
      </>
    ),
    takeBack: forgetReminder(film, { note, remindAt, setAt }),
  };
}
