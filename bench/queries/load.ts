import autocannon from 'autocannon';

/** Sends one request again and again from many connections, or commands at a fixed rate. */

export type ReadLoad = {
  url: string;
  path: string;
  headers: Record<string, string>;
  connections: number;
  seconds: number;
};

const { url, path, headers, connections, seconds } = JSON.parse(process.argv[2]!) as ReadLoad;
const result = await autocannon({ url: `${url}${path}`, headers, connections, duration: seconds });
process.stdout.write(
  JSON.stringify({
    requests: result.requests.total,
    seconds: result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    refused: result.non2xx + result.errors,
  }),
);
