import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Link,
} from '@tanstack/react-router';
import { lazyPage } from './look/lazy-page.ts';
import { Empty, Failure, Loading, Page } from './look/parts.tsx';
import { operatorRoutes } from './ops/routes.tsx';
import { useScreen } from './shell/screen.ts';
import { Shell } from './shell/shell.tsx';
import { isSort, type MoviesSearch, type RankingsSearch, rankingOrders } from './viewer/filters.ts';
import { RankingsPage } from './viewer/rankings-page.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NoSuchPage });

function NoSuchPage() {
  useScreen('No such page');
  return (
    <Page title="There is no such page">
      <Empty title="The address leads nowhere">
        <p>
          <Link to="/">To the rankings</Link>, or find a page by Ctrl K.
        </p>
      </Empty>
    </Page>
  );
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined;

const viewerRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: RankingsPage,
    validateSearch: ({ genre, by }): RankingsSearch => ({
      genre: text(genre),
      by: rankingOrders.find((one) => one === by),
    }),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/movies',
    component: lazyPage(() => import('./viewer/movies-page.tsx'), 'MoviesPage'),
    validateSearch: (search): MoviesSearch => ({
      ...Object.fromEntries(
        (['q', 'genre', 'year', 'rating', 'runtime', 'director', 'actor'] as const).map((name) => [
          name,
          text(search[name]),
        ]),
      ),
      sort: isSort(search.sort) ? search.sort : undefined,
    }),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/movies/$movieId',
    component: lazyPage(() => import('./viewer/movie-page.tsx'), 'MoviePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/me/recommendations',
    component: lazyPage(() => import('./viewer/for-you-page.tsx'), 'ForYouPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/me/notifications',
    component: lazyPage(() => import('./viewer/notifications-page.tsx'), 'NotificationsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/me/stats',
    component: lazyPage(() => import('./viewer/stats-page.tsx'), 'StatsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/me/$list',
    component: lazyPage(() => import('./viewer/lists-page.tsx'), 'ListsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tickets',
    component: lazyPage(() => import('./viewer/tickets-page.tsx'), 'TicketsPage'),
    validateSearch: ({ movie }): { movie?: string | undefined } => ({ movie: text(movie) }),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tickets/$ticketId',
    component: lazyPage(() => import('./viewer/ticket-page.tsx'), 'TicketPage'),
  }),
];

/** Pages stand behind the # of the address: the APIs have all other paths of the same origin. */
export const makeRouter = () =>
  createRouter({
    routeTree: root.addChildren([...viewerRoutes, ...operatorRoutes(() => root)]),
    history: createHashHistory(),
    defaultPreload: 'intent',
    defaultPendingComponent: () => <Loading what="the page" />,
    defaultErrorComponent: ({ error }) => (
      <Failure error={error} again={() => window.location.reload()} />
    ),
    scrollRestoration: true,
    parseSearch: (searchText) => Object.fromEntries(new URLSearchParams(searchText)),
    stringifySearch: (search) => {
      const given = Object.entries(search).filter(([, value]) => value !== undefined);
      const written = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
      return given.length > 0 ? `?${written}` : '';
    },
  });
