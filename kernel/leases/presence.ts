import type { MongoClient } from 'mongodb';
import { sleep } from '../backoff.ts';
import { LeaseCalls } from './lease-calls.ts';
import { tablesOf } from './lease-documents.ts';
import { untilTick } from './ticks.ts';
import { within } from './within.ts';

/** Processes that answer queries. */
export const readerRole = 'reader';

const ttlMs = 8_000;
const leaveMs = 400;

export type PresenceOptions = {
  client: MongoClient;
  database: string;
  role: string;
  /** Where others reach it. One that starts at the same place takes the place of one that died. */
  url: string;
};

/** A process without lanes among the members, so that others see that it is there, or was. */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #leaving = new AbortController();
  readonly #telling: Promise<void>;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#telling = this.#tell();
  }

  /** Who dies without this is missed for a while. */
  async leave(): Promise<void> {
    this.#leaving.abort();
    const { client, database, role, url } = this.#options;
    const { members } = tablesOf(client, database);
    const left = this.#telling.then(() => members.deleteOne({ _id: `${role}/${url}` }));
    await within(leaveMs, left).catch(() => {});
  }

  async #tell(): Promise<void> {
    const { client, database, role, url: member } = this.#options;
    const calls = LeaseCalls.of(client, database);
    const { signal } = this.#leaving;
    while (!signal.aborted) {
      // While MongoDB is away, nobody could read it.
      await within(ttlMs, calls.renew({ role, member, ttlMs, sessionIds: [] })).catch(() => {});
      await sleep(untilTick(ttlMs), signal);
    }
  }
}
