import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';

type Search = Record<string, string | undefined>;

/** Filters stand in the address as they are; each page takes those that it knows. */
const asText = (search: Record<string, unknown>): Search =>
  Object.fromEntries(
    Object.entries(search).flatMap(([name, value]) => {
      const isText = typeof value === 'string' || typeof value === 'number';
      return isText && value !== '' ? [[name, String(value)]] : [];
    }),
  );

type Lazy = ReturnType<typeof lazyRouteComponent>;

const pages = {
  '/ops': lazyRouteComponent(() => import('./flow/flow-page.tsx'), 'FlowPage'),
  '/ops/projections': lazyRouteComponent(
    () => import('./projections/projections-page.tsx'),
    'ProjectionsPage',
  ),
  '/ops/projections/$view': lazyRouteComponent(
    () => import('./projections/projection-page.tsx'),
    'ProjectionPage',
  ),
  '/ops/time': lazyRouteComponent(() => import('./time/time-page.tsx'), 'TimePage'),
  '/ops/streams': lazyRouteComponent(() => import('./streams/streams-page.tsx'), 'StreamsPage'),
  '/ops/tail': lazyRouteComponent(() => import('./tail/tail-page.tsx'), 'TailPage'),
  '/ops/trace': lazyRouteComponent(() => import('./trace/trace-page.tsx'), 'TracePage'),
  '/ops/dead-letters': lazyRouteComponent(
    () => import('./letters/letters-page.tsx'),
    'LettersPage',
  ),
  '/ops/schemas': lazyRouteComponent(() => import('./schemas/schemas-page.tsx'), 'SchemasPage'),
  '/ops/schemas/$type': lazyRouteComponent(() => import('./schemas/schema-page.tsx'), 'SchemaPage'),
  '/ops/lanes': lazyRouteComponent(() => import('./lanes-page.tsx'), 'LanesPage'),
  '/ops/audit': lazyRouteComponent(() => import('./audit-page.tsx'), 'AuditPage'),
} satisfies Record<string, Lazy>;

/** The operators' half. Its pages are loaded when one of them is opened. */
export function operatorRoutes(parent: () => AnyRoute): AnyRoute[] {
  const gate = createRoute({
    getParentRoute: parent,
    id: 'operators',
    component: lazyRouteComponent(() => import('./operators-only.tsx'), 'OperatorsOnly'),
  });
  const inside = Object.entries(pages).map(([path, component]) =>
    createRoute({ getParentRoute: () => gate, path, component, validateSearch: asText }),
  );
  return [gate.addChildren(inside)];
}
