import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answerOf, type Schemas } from '#client/client.ts';
import { Cover } from '../look/cover.tsx';
import { Empty, Page, Shown } from '../look/parts.tsx';
import { useScreen } from '../shell/screen.ts';
import { api } from '../system/api.ts';
import { useLive } from '../system/live.ts';
import { session } from '../system/session.ts';
import { useStore } from '../system/store.ts';
import { VoteButtons } from './film-buttons.tsx';
import css from './for-you-page.module.css';

type Recommendation = Schemas['Recommendation'];

/** Films that the user hasn't seen, by what they like, and why. */
export function ForYouPage() {
  const current = useStore(session);
  useScreen('For you', current && { user: current.user });
  return (
    <Page title="For you" lead="Films that you have neither watched nor voted on, and why.">
      {current ? <Films /> : <Empty title="Sign in to see what suits you" />}
    </Page>
  );
}

function Films() {
  const key = ['me', 'recommendations'];
  const asked = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => {
      const params = { query: { limit: 12 } };
      return answerOf(api().queries.GET('/v1/me/recommendations', { params, signal }));
    },
  });
  useLive(key, ['votes', 'watched']);
  return (
    <Shown what="the recommendations" asked={asked}>
      {({ items, likes }) => (
        <>
          {likes === 0 && (
            <p className={css.note}>
              Nothing is known of your taste yet: these are the best of all. Like a few films.
            </p>
          )}
          {items.length === 0 && (
            <Empty title="No film is left to recommend">
              <p>You have watched or voted on each of them: the rankings have them all.</p>
            </Empty>
          )}
          <ul className={css.films}>
            {items.map((film) => (
              <Film key={film.movieId} film={film} />
            ))}
          </ul>
        </>
      )}
    </Shown>
  );
}

const Film = ({ film }: { film: Recommendation }) => (
  <li>
    <Cover {...film} />
    <div className={css.text}>
      <Link to="/movies/$movieId" params={{ movieId: film.movieId }}>
        {film.title}
      </Link>
      <p>
        {film.year} · {film.genres.join(', ')}
      </p>
      {film.because.map(({ movieId, title, sharedGenres, sharedPeople }) => (
        <p key={movieId}>
          Since you like <em>{title}</em>
          {sharedGenres.length + sharedPeople.length > 0 &&
            ` (${[...sharedPeople, ...sharedGenres].join(', ')})`}
        </p>
      ))}
      <VoteButtons movie={film} size="s" />
    </div>
  </li>
);
