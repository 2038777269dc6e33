import express, { type Router } from 'express';
import { collectDefaultMetrics, Histogram, type Registry } from 'prom-client';
import { publishConventional } from './conventional-metrics.ts';

/** Whether a service can serve; `details`, for the people who run it, says why. */
export type Readiness = { ready: boolean; details: Record<string, unknown> };

type Ready = () => Readiness | Promise<Readiness>;

export const operationsPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** `/healthz` (alive) and `/readyz` (503 while not able to serve): no more than anybody may see. */
export function healthRouter(ready: Ready): Router {
  return healthRoutes(async () => {
    const { ready: isReady } = await ready();
    return { ready: isReady };
  });
}

/** For those who run the service: `/healthz`, `/readyz` with details, `/metrics` (Prometheus). */
export function operationsRouter({ ready, registry }: { ready: Ready; registry: Registry }) {
  collectDefaultMetrics({ register: registry });
  return healthRoutes(async () => ready()).get('/metrics', async (_req, res) => {
    res.setHeader('Cache-Control', 'no-store');
    res.type(registry.contentType).send(await registry.metrics());
  });
}

function healthRoutes(ready: () => Promise<{ ready: boolean }>): Router {
  const router = express.Router();
  router.get('/healthz', (_req, res) => {
    res.setHeader('Cache-Control', 'no-store').json({ alive: true });
  });
  router.get('/readyz', async (_req, res) => {
    const readiness = await ready();
    res.setHeader('Cache-Control', 'no-store');
    res.status(readiness.ready ? 200 : 503).json(readiness);
  });
  return router;
}

const name = 'http_request_duration_seconds';

/** How long requests took, by method, route (not path: ids would make it grow), status, scheme. */
export function requestDurations(registry: Registry): Histogram {
  // A service's two apps share a registry.
  const made = registry.getSingleMetric(name);
  if (made instanceof Histogram) return made;
  const durations = new Histogram({
    name,
    help: 'Duration of HTTP requests in seconds',
    labelNames: ['method', 'route', 'status', 'scheme'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  publishConventional(registry, durations);
  return durations;
}
