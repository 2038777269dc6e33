import { setTimeout as pause } from 'node:timers/promises';
import { type LoadOptions, type Sent, sendOnce } from '../chaos-load.ts';
import { requestOf } from '../chaos-requests.ts';

/** What is asked of a cluster beside the load: reads, and acts of an operator. */

export type Read = { lane: number; startedAt: number; endedAt: number; status: number | null };

export type Probe<T> = {
  /** Stops asking. @returns all that was asked. */
  stop(): Promise<T[]>;
};

const readEveryMs = 100;
const readWithinMs = 3_000;
const actEveryMs = 2_500;

/** For each lane: reads that have to show its last acknowledged vote, of each node in turn. */
export function startReads(
  queries: readonly string[],
  lanes: number,
  sent: readonly Sent[],
): Probe<Read> {
  const reads: Read[] = [];
  const stopping = new AbortController();
  const reading = Array.from({ length: lanes }, async (_, lane) => {
    for (let turn = lane; !stopping.signal.aborted; turn += 1) {
      const vote = sent.findLast(
        (one) => one.lane === lane && one.command === 'vote' && one.answer,
      );
      const node = queries[turn % queries.length]!;
      if (vote?.answer) reads.push(await readOnce(node, lane, vote.answer.token));
      await pause(readEveryMs);
    }
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.all(reading);
      return reads;
    },
  };
}

async function readOnce(node: string, lane: number, token: string): Promise<Read> {
  const startedAt = performance.now();
  const status = await fetch(`${node}/v1/rankings?limit=1`, {
    headers: { 'consistency-token': token, prefer: 'wait=1' },
    signal: AbortSignal.timeout(readWithinMs),
  }).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.status;
    },
    () => null,
  );
  return { lane, startedAt, endedAt: performance.now(), status };
}

/** An operator keeps a view as it stood, and drops it, again and again. */
export async function startActs({ system, nodes }: LoadOptions): Promise<Probe<Sent>> {
  const user = 'operator';
  const headers = await system.as(user, 'operator');
  const lanes = Number(system.settings.LANES);
  const client = { user, lanes, versions: new Map<string, number>(), random: Math.random };
  const sent: Sent[] = [];
  const stopping = new AbortController();
  const ask = async (name: string, input: Record<string, unknown>) => {
    const request = requestOf(name, input, client);
    while (!stopping.signal.aborted) {
      const node = nodes()[sent.length % nodes().length]!;
      const one = await sendOnce(request, node, headers);
      sent.push(one);
      if (one.answer) return;
      await pause(readEveryMs);
    }
  };
  const asking = (async () => {
    for (let turn = 1; !stopping.signal.aborted; turn += 1) {
      const name = `kept-${turn}`;
      const time = new Date(Date.now() - 1_000).toISOString();
      await ask('request-as-of', { name, time, views: ['rankings'] });
      await ask('request-drop', { name });
      await pause(actEveryMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await asking;
      return sent;
    },
  };
}
