import { Link, useParams } from '@tanstack/react-router';
import type { Schemas } from '#client/client.ts';
import { Cover } from '../look/cover.tsx';
import {
  Badge,
  Button,
  buttonClass,
  Card,
  Field,
  inputClass,
  Page,
  Row,
  Shown,
} from '../look/parts.tsx';
import { Time } from '../look/time.tsx';
import { useScreen } from '../shell/screen.ts';
import { perform } from '../system/act.ts';
import { forgetReminder, remind } from '../system/acts.ts';
import { useLive } from '../system/live.ts';
import { clock } from '../system/preferences.ts';
import { hasRole, session } from '../system/session.ts';
import { useStore } from '../system/store.ts';
import { Progress, VoteButtons, WatchedButton } from './film-buttons.tsx';
import { useMovie } from './film-spotlight.tsx';
import css from './movie-page.module.css';
import { useShown } from './shown-movie.ts';

type Movie = Schemas['Movie'];

export function MoviePage() {
  const { movieId = '' } = useParams({ strict: false });
  const asked = useMovie(movieId);
  useScreen(asked.data?.title ?? movieId, { movie: movieId });
  useLive(['movie', movieId], ['rankings', 'movies', 'votes', 'reminders'], movieId);
  const shown = (
    <Shown what="the film" asked={asked}>
      {(movie) => <Film movie={movie} />}
    </Shown>
  );
  return asked.data ? shown : <Page title="Film">{shown}</Page>;
}

function Film({ movie }: { movie: Movie }) {
  const shown = useShown(movie);
  const { movieId, title, year, genres, runtimeMinutes, director, actors, retired } = movie;
  const isViewer = hasRole(useStore(session), 'viewer');
  return (
    <article className={css.movie}>
      <div className={css.cover}>
        <Cover {...movie} />
      </div>
      <div className={css.text}>
        <header>
          <p className={css.genres}>
            {genres.map((genre) => (
              <Link key={genre} to="/" search={{ genre }}>
                {genre}
              </Link>
            ))}
            {retired && <Badge tone="wait">Retired</Badge>}
          </p>
          <h1>{title}</h1>
          <p className={css.facts}>
            {year} · {runtimeMinutes} min · {movie.rating.toFixed(1)} by{' '}
            {movie.ratingVotes.toLocaleString('en')} people
          </p>
        </header>
        <p className={css.description}>{movie.description}</p>
        <Row>
          <VoteButtons movie={movie} />
          <WatchedButton movie={movie} />
          {isViewer && (
            <Link to="/tickets" search={{ movie: movieId }} className={buttonClass}>
              Report a problem
            </Link>
          )}
        </Row>
        <div className={css.progress}>
          <Progress movieId={movieId} />
        </div>
        <ReminderForm key={contentOf(shown.me?.reminder)} movie={shown} />
        <dl className={css.details}>
          <dt>Director</dt>
          <dd>{director}</dd>
          <dt>With</dt>
          <dd>{actors.join(', ')}</dd>
          {movie.revenueMillions !== null && (
            <>
              <dt>Revenue</dt>
              <dd>${movie.revenueMillions.toLocaleString('en')} million</dd>
            </>
          )}
          {movie.metascore !== null && (
            <>
              <dt>Metascore</dt>
              <dd>{movie.metascore}</dd>
            </>
          )}
        </dl>
        <Ranks ranks={movie.ranks} />
      </div>
    </article>
  );
}

function Ranks({ ranks }: { ranks: Movie['ranks'] }) {
  const names = [...new Set(ranks.map(({ genre }) => genre))];
  const orders = ['score', 'likes', 'trending'] as const;
  const place = (genre: string | null, by: string) =>
    ranks.find((one) => one.genre === genre && one.by === by)?.rank ?? '–';
  return (
    <table className={css.ranks}>
      <caption>Its place among films</caption>
      <thead>
        <tr>
          <th scope="col">Genre</th>
          <th scope="col">Best liked</th>
          <th scope="col">Most likes</th>
          <th scope="col">Trending</th>
        </tr>
      </thead>
      <tbody>
        {names.map((genre) => (
          <tr key={genre ?? 'all'}>
            <th scope="row">{genre ?? 'All'}</th>
            {orders.map((by) => (
              <td key={by}>{place(genre, by)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The form begins anew with other content only: its answer must not take away what is typed. */
const contentOf = (reminder: NonNullable<Movie['me']>['reminder'] | undefined): string =>
  reminder ? JSON.stringify([reminder.note, reminder.remindAt]) : 'none';

function ReminderForm({ movie }: { movie: Movie }) {
  const isViewer = hasRole(useStore(session), 'viewer');
  // Who sees times in UTC writes them so, too.
  const isUtc = useStore(clock) === 'utc';
  const reminder = movie.me?.reminder ?? null;
  if (!isViewer) return null;
  const isPast = Boolean(reminder?.remindAt && Date.parse(reminder.remindAt) < Date.now());
  const heading = isPast ? 'It is time for it' : 'You will be reminded';
  const submit = (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const note = String(form.get('note')).trim();
    const at = String(form.get('at'));
    const wanted = {
      ...(note && { note }),
      ...(at && { remindAt: new Date(isUtc ? `${at}Z` : at).toISOString() }),
    };
    void perform(remind(movie, wanted, reminder));
  };
  return (
    <Card>
      <form className={css.reminder} onSubmit={submit}>
        <h2>{reminder ? heading : 'Remind me'}</h2>
        {reminder && (
          <p>
            {reminder.remindAt ? <Time at={reminder.remindAt} /> : 'Some day'}
            {isPast && ', which has passed'}
            {reminder.note && ` — ${reminder.note}`}
          </p>
        )}
        <Field label={isUtc ? 'When, in UTC' : 'When'}>
          <input
            key={String(isUtc)}
            type="datetime-local"
            name="at"
            className={inputClass}
            defaultValue={reminder?.remindAt ? fieldText(reminder.remindAt, isUtc) : ''}
          />
        </Field>
        <Field label="Note">
          <input
            name="note"
            className={inputClass}
            maxLength={500}
            placeholder="On a rainy day"
            defaultValue={reminder?.note ?? ''}
          />
        </Field>
        <Row>
          <Button type="submit" icon="bell">
            {reminder ? 'Change' : 'Remind me'}
          </Button>
          {reminder && (
            <Button kind="plain" onClick={() => void perform(forgetReminder(movie, reminder))}>
              Forget it
            </Button>
          )}
        </Row>
      </form>
    </Card>
  );
}

/** The value of a field for a date and time, which has no zone of its own. */
function fieldText(moment: string, isUtc: boolean): string {
  const date = new Date(moment);
  const shiftMs = isUtc ? 0 : date.getTimezoneOffset() * 60_000;
  return new Date(date.getTime() - shiftMs).toISOString().slice(0, 16);
}
