import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';

/** The operators' half. Its pages are loaded when one of them is opened. */
export const operatorRoutes = (parent: () => AnyRoute): AnyRoute[] => [
  createRoute({
    getParentRoute: parent,
    path: '/ops',
    component: lazyRouteComponent(() => import('./overview-page.tsx'), 'OverviewPage'),
  }),
];
