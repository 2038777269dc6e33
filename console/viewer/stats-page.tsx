import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answerOf, type Schemas } from '#client/client.ts';
import { Card, Empty, Page, Shown } from '../look/parts.tsx';
import { Time } from '../look/time.tsx';
import { useScreen } from '../shell/screen.ts';
import { api } from '../system/api.ts';
import { useLive } from '../system/live.ts';
import { session } from '../system/session.ts';
import { useStore } from '../system/store.ts';
import css from './stats-page.module.css';

type Stats = Schemas['Stats'];

const whole = (count: number) => count.toLocaleString('en');
const hours = (minutes: number) => {
  if (minutes < 60) return `${minutes} min`;
  if (minutes >= 6_000) return `${whole(Math.round(minutes / 60))} h`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** 2026-11, as other times are written. */
const monthOf = (month: string) =>
  new Date(`${month}-01T00:00Z`).toLocaleDateString('en-GB', {
    ...{ month: 'short', year: 'numeric', timeZone: 'UTC' },
  } as const);

/** What the user has watched and voted, in figures. */
export function StatsPage() {
  const current = useStore(session);
  useScreen('In figures', current && { user: current.user });
  return (
    <Page
      title="In figures"
      lead={current ? `What ${current.user} has watched and voted.` : undefined}
    >
      {current ? <Figures /> : <Empty title="Sign in to see your figures" />}
    </Page>
  );
}

function Figures() {
  const stats = useQuery({
    queryKey: ['me', 'stats'],
    queryFn: ({ signal }) => answerOf(api().queries.GET('/v1/me/stats', { signal })),
  });
  useLive(['me', 'stats'], ['watched', 'votes', 'reminders']);
  return (
    <Shown what="the figures" asked={stats}>
      {(data) => <Shares stats={data} />}
    </Shown>
  );
}

function Shares({ stats }: { stats: Stats }) {
  const { plays, movies, minutes, votes, reminders, firstWatchedAt, lastWatchedAt } = stats;
  const figures = [
    ['Watched', whole(plays)],
    ['Films', whole(movies)],
    ['Time', hours(minutes)],
    ['Likes', whole(votes.likes)],
    ['Dislikes', whole(votes.dislikes)],
    ['Reminders', whole(reminders)],
  ] as const;
  return (
    <>
      <dl className={css.figures}>
        {figures.map(([name, figure]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
      {plays === 0 && (
        <Empty title="Nothing watched yet">
          <p>
            <Link to="/movies">Find a film</Link> and mark it as watched.
          </p>
        </Empty>
      )}
      {firstWatchedAt && lastWatchedAt && (
        <p>
          {plays === 1 ? 'On ' : 'From '}
          <Time at={firstWatchedAt} />
          {plays > 1 && (
            <>
              {' '}
              to <Time at={lastWatchedAt} />
            </>
          )}
          .
        </p>
      )}
      <div className={css.columns}>
        <Bars title="By genre" of={stats.byGenre.map((one) => ({ name: one.genre, ...one }))} />
        <Bars
          title="By month"
          of={stats.byMonth.map((one) => ({ name: monthOf(one.month), ...one }))}
        />
      </div>
    </>
  );
}

const shownBars = 12;

type BarsProps = { title: string; of: readonly { name: string; plays: number; minutes: number }[] };

function Bars({ title, of }: BarsProps) {
  if (of.length === 0) return null;
  const most = Math.max(...of.map(({ plays }) => plays));
  return (
    <Card>
      <h2>{title}</h2>
      <ul className={css.bars}>
        {of.slice(0, shownBars).map(({ name, plays, minutes }) => (
          <li key={name}>
            <span>{name}</span>
            <meter value={plays} max={most} aria-label={`${name}: ${plays}`} />
            <span>
              {whole(plays)} · {hours(minutes)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
