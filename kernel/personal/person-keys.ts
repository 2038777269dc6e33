import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { forwarding, type Sender } from '../http/forwarding.ts';
import { Problem } from '../problems.ts';
import type { KnownStreamsOptions } from '../writer/known-streams.ts';
import type { Forward, Lanes } from '../writer/lanes.ts';
import { makeUpKey } from '../writer/made-up-keys.ts';
import { type Outcome, type Request, request } from '../writer/request.ts';
import { type FollowedTopic, followTopic } from './follow-topic.ts';
import type { KeyRing } from './key-ring.ts';
import { type KeyTimes, keyTimes } from './key-topic.ts';
import {
  evolvePerson,
  isErasure,
  type People,
  type PeopleEvent,
  type Person,
  unknownPerson,
} from './persons.ts';
import { type KnownPeople, personWithoutKey } from './sealing.ts';

export type PersonKeysOptions = Omit<KnownStreamsOptions, 'commands'> & {
  people: People;
  ring: KeyRing;
  times?: KeyTimes;
};

const eachMs = 200;
const tries = 25;
const erasedWithinMs = 8_000;
const knownWithinMs = 2_000;
const rollEveryMs = 60_000;

const noLanes = {
  submit: () => Promise.reject(new Error('No lane can be asked yet.')),
};

/**
 * The keys of an application's people at a command service: has them made by the person's lane, and
 * destroys those of erased people, whichever node has decided it.
 */
export class PersonKeys implements KnownPeople {
  readonly #options: PersonKeysOptions;
  readonly #people = new Map<string, Person>();
  readonly #making = new Map<string, Promise<void>>();
  /** Of people who were erased: none of them may be in the topic any more. */
  readonly #doomed = new Set<string>();
  readonly #following: FollowedTopic;
  readonly #sweeping: NodeJS.Timeout;
  readonly #rolling: NodeJS.Timeout;
  #sweep: Promise<void> | null = null;
  #lanes: Pick<Lanes, 'submit'> = noLanes;

  private constructor(options: PersonKeysOptions) {
    this.#options = options;
    const { people, ring } = options;
    this.#following = followTopic(options, people.topic, (event) => {
      this.#learn(event as unknown as PeopleEvent);
    });
    ring.onRevived = (keyId) => this.#doomed.add(keyId);
    this.#sweeping = setInterval(() => void this.#destroyDoomed(), eachMs).unref();
    this.#rolling = setInterval(() => void this.roll(), rollEveryMs).unref();
  }

  /** Resolves once all people are known that the log had. */
  static async open(options: PersonKeysOptions): Promise<PersonKeys> {
    const keys = new PersonKeys(options);
    await keys.#following.caughtUp();
    return keys;
  }

  /** Keys are made by commands, so lanes have to be there first. */
  serve(lanes: Pick<Lanes, 'submit'>): void {
    this.#lanes = lanes;
  }

  person(userId: string): Person {
    return this.#people.get(userId) ?? unknownPerson;
  }

  /**
   * Has a lane decide, and again after each key that it needed. An erasure has ended once nobody
   * can read the key any more.
   */
  async submit(asked: Request, forward: Forward, sender: Sender): Promise<Outcome> {
    const outcome = await this.#decided(asked, forward, sender);
    if (asked.command.name === this.#options.people.erase.name) {
      await this.#erased(asked.caller.userId, outcome.made);
    }
    return outcome;
  }

  async #decided(asked: Request, forward: Forward, sender: Sender): Promise<Outcome> {
    for (let left = tries; ; left -= 1) {
      try {
        return await this.#lanes.submit(asked, forward);
      } catch (error) {
        const person = personWithoutKey(error);
        if (person === null || left === 0) throw error;
        await this.#provide(person, sender);
        // Another node decides, and learns of the key a moment later.
        await pause((tries - left) * 10);
      }
    }
  }

  /**
   * Resolves once the key is destroyed.
   * @param keyId null if the person had none any more; it may still have to be destroyed.
   */
  async #erased(userId: string, keyId: string | null): Promise<void> {
    const until = performance.now() + erasedWithinMs;
    await this.#following.caughtUp();
    const isToldYet = () => keyId === null || this.person(userId).keyId !== keyId;
    while (this.#doomed.size > 0 || !isToldYet()) {
      await this.#destroyDoomed();
      if (performance.now() > until) {
        const detail = 'You are erased, but your key is not destroyed yet; ask again.';
        throw new Problem('part-away', detail);
      }
      await pause(10);
    }
  }

  /** Ends the segment that has a destroyed key, so that Kafka compacts it. */
  async roll(now = Date.now()): Promise<void> {
    const { ring, times = keyTimes, onWarning } = this.#options;
    const due = ring.destroyedAt + times.segmentMs;
    if (ring.destroyedAt === 0 || ring.lastRecordAt > due || now <= due) return;
    await ring.roll().catch((error: Error) => onWarning(error.message));
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    clearInterval(this.#rolling);
    await this.#following.close();
    await this.#sweep;
  }

  #learn(event: PeopleEvent): void {
    const { userId, keyId } = event.data;
    this.#people.set(userId, evolvePerson(this.person(userId), event));
    if (!isErasure(event)) return;
    this.#doomed.add(keyId);
    void this.#destroyDoomed();
  }

  /** Also what a copy or a rotation has written again. One at a time. */
  #destroyDoomed(): Promise<void> {
    this.#sweep ??= this.#destroyAll().finally(() => {
      this.#sweep = null;
    });
    return this.#sweep;
  }

  async #destroyAll(): Promise<void> {
    const { ring, onWarning } = this.#options;
    const doomed = [...this.#doomed];
    if (doomed.length === 0) return;
    try {
      // A key is in its topic before any event names it.
      await ring.caughtUp();
      for (const keyId of doomed) {
        if (ring.stands(keyId)) await ring.destroy(keyId);
        this.#doomed.delete(keyId);
      }
    } catch (error) {
      onWarning(`A key isn't destroyed yet: ${(error as Error).message}`);
    }
  }

  #provide(userId: string, sender: Sender): Promise<void> {
    const making = this.#making.get(userId) ?? this.#make(userId, sender);
    this.#making.set(userId, making);
    return making.finally(() => this.#making.delete(userId));
  }

  /** The key is in its topic before the person's lane decides for it. */
  async #make(userId: string, sender: Sender): Promise<void> {
    const { people, ring } = this.#options;
    await Promise.all([this.#following.caughtUp(), ring.caughtUp()]);
    if (this.person(userId).keyId !== null) return;
    const keyId = randomUUID();
    await ring.make(keyId);
    const input = { userId, keyId };
    const envelope = { idempotencyKey: makeUpKey(), expectedVersion: null };
    const { caller, trace } = sender;
    const asked = request(people.makeKey, input, caller, { ...envelope, trace });
    const forward = forwarding(people.makeKey, input, envelope, sender);
    const { types } = await this.#lanes.submit(asked, forward);
    if (types.length === 0) await ring.destroy(keyId); // Another one was faster.
    const until = performance.now() + knownWithinMs;
    while (this.person(userId).keyId === null && performance.now() < until) await pause(5);
  }
}
