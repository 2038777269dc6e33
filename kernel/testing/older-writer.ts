import type { Event } from '../event.ts';
import type { FencedProducer } from '../log/log.ts';
import { laneWriterId } from '../log/topic-names.ts';
import type { Ask, ContendedLog } from './contended-log.ts';
import { type Answer, topic } from './contending-node.ts';

/** A writer of an older release, which makes no claim. It has the lane from the first event on. */
export class OlderWriter {
  readonly name = 'older';
  readonly alive = true;
  history = '';
  readonly lane: number;
  readonly #producer: Promise<FencedProducer>;
  #count = 0;
  #isAppending = false;

  constructor(lane: number, log: ContendedLog, ask: Ask) {
    this.lane = lane;
    const atOnce: Ask = async (call) => (call.kind === 'start' ? call.run() : ask(call));
    const client = log.client(atOnce, () => undefined);
    this.#producer = client.producer(laneWriterId('', lane));
  }

  sees(what: string): void {
    this.history += `${what}, `;
  }

  isNew(): boolean {
    return false;
  }

  /** It can take another command. */
  get isFree(): boolean {
    return !this.#isAppending;
  }

  /** @throws InDoubtError once it is fenced, or an answer was lost: then it never comes back. */
  async append(): Promise<Answer> {
    this.#isAppending = true;
    const event = this.#event();
    const value = Buffer.from(JSON.stringify(event));
    const record = { topic, lane: this.lane, key: 'k', value, timestamp: 0 };
    const [offset] = await (await this.#producer).append([record]);
    this.#count += 1;
    this.#isAppending = false;
    return { offset: offset as number, commandid: event.meta.commandid };
  }

  #event(): Event {
    const number = this.#count + 1;
    const none = { correlationid: 'c', causationid: null, actor: 'u', requesthash: '', time: 0 };
    const ids = { id: `older ${number}`, commandid: `older ${number}`, sequence: number };
    const meta = { ...none, ...ids, source: '/older', subject: `${topic}/lane-${this.lane}` };
    return { type: 'Counted', data: { number }, meta };
  }
}
