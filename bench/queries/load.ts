import autocannon from 'autocannon';

/**
 * Sends one request again and again from many connections, and tells what the server used for it:
 * from the first request to the last, without the time that this process takes to start.
 */

export type ReadLoad = {
  url: string;
  /** Where the server shows its metrics. */
  operationsUrl: string;
  path: string;
  headers: Record<string, string>;
  connections: number;
  seconds: number;
};

export type Usage = {
  cpuSeconds: number;
  rssBytes: number;
  loopSeconds: number;
  /** When the last request was answered, in milliseconds since 1970. */
  at: number;
};

const given = JSON.parse(process.argv[2]!) as ReadLoad;
const { url, path, headers, connections, seconds } = given;
const before = await usage();
const result = await autocannon({ url: `${url}${path}`, headers, connections, duration: seconds });
const after = await usage();
process.stdout.write(
  JSON.stringify({
    requests: result.requests.total,
    seconds: result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    refused: result.non2xx + result.errors,
    usage: { ...after, cpuSeconds: after.cpuSeconds - before.cpuSeconds },
    from: before.at,
  }),
);

/** Reading the metrics also begins anew to look for the longest delay of the event loop. */
async function usage(): Promise<Usage> {
  const text = await (await fetch(`${given.operationsUrl}/metrics`)).text();
  const number = (name: string) =>
    Number(new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+-]+)`, 'm').exec(text)?.[1]);
  return {
    cpuSeconds: number('process_cpu_seconds_total'),
    rssBytes: number('process_resident_memory_bytes'),
    loopSeconds: number('nodejs_eventloop_lag_max_seconds'),
    at: Date.now(),
  };
}
