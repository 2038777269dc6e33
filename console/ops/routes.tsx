import { type AnyRoute, createRoute } from '@tanstack/react-router';
import { lazyPage } from '../look/lazy-page.ts';

type Search = Record<string, string | undefined>;

/** Filters stand in the address as they are; each page takes those that it knows. */
const asText = (search: Record<string, unknown>): Search =>
  Object.fromEntries(
    Object.entries(search).flatMap(([name, value]) => {
      const isText = typeof value === 'string' || typeof value === 'number';
      return isText && value !== '' ? [[name, String(value)]] : [];
    }),
  );

type Lazy = ReturnType<typeof lazyPage>;

const pages = {
  '/ops': lazyPage(() => import('./flow/flow-page.tsx'), 'FlowPage'),
  '/ops/projections': lazyPage(
    () => import('./projections/projections-page.tsx'),
    'ProjectionsPage',
  ),
  '/ops/projections/$view': lazyPage(
    () => import('./projections/projection-page.tsx'),
    'ProjectionPage',
  ),
  '/ops/time': lazyPage(() => import('./time/time-page.tsx'), 'TimePage'),
  '/ops/streams': lazyPage(() => import('./streams/streams-page.tsx'), 'StreamsPage'),
  '/ops/tail': lazyPage(() => import('./tail/tail-page.tsx'), 'TailPage'),
  '/ops/trace': lazyPage(() => import('./trace/trace-page.tsx'), 'TracePage'),
  '/ops/dead-letters': lazyPage(() => import('./letters/letters-page.tsx'), 'LettersPage'),
  '/ops/schemas': lazyPage(() => import('./schemas/schemas-page.tsx'), 'SchemasPage'),
  '/ops/schemas/$type': lazyPage(() => import('./schemas/schema-page.tsx'), 'SchemaPage'),
  '/ops/lanes': lazyPage(() => import('./lanes-page.tsx'), 'LanesPage'),
  '/ops/audit': lazyPage(() => import('./audit-page.tsx'), 'AuditPage'),
} satisfies Record<string, Lazy>;

/** The operators' half. Its pages are loaded when one of them is opened. */
export function operatorRoutes(parent: () => AnyRoute): AnyRoute[] {
  const gate = createRoute({
    getParentRoute: parent,
    id: 'operators',
    component: lazyPage(() => import('./operators-only.tsx'), 'OperatorsOnly'),
  });
  const inside = Object.entries(pages).map(([path, component]) =>
    createRoute({ getParentRoute: () => gate, path, component, validateSearch: asText }),
  );
  return [gate.addChildren(inside)];
}
