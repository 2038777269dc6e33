// With `node --import`: a process that loads OpenTelemetry ends with an error. `@opentelemetry/api`
// has no effect by itself, and is loaded by prom-client.
import { registerHooks } from 'node:module';

registerHooks({
  load(url, context, nextLoad) {
    if (/@opentelemetry\/(?!api\/)/.test(url)) throw new Error(`OpenTelemetry is loaded: ${url}`);
    return nextLoad(url, context);
  },
});
