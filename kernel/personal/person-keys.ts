import { randomUUID } from 'node:crypto';
import { forwarding, type Sender } from '../http/forwarding.ts';
import { laneOf } from '../log/lane-of.ts';
import { InDoubtError, LogUnavailableError } from '../log/log.ts';
import { Problem } from '../problems.ts';
import type { KnownStreamsOptions } from '../writer/known-streams.ts';
import type { Lanes } from '../writer/lanes.ts';
import { makeUpKey } from '../writer/made-up-keys.ts';
import { type Outcome, type Request, request, writesText } from '../writer/request.ts';
import { decidedWithKeys } from './decided-with-keys.ts';
import { type FollowedTopic, followTopic } from './follow-topic.ts';
import type { KeyRing } from './key-ring.ts';
import { PersonKey } from './person-key.ts';
import {
  evolvePerson,
  isErasure,
  type KeyToMake,
  type People,
  type PeopleEvent,
  type Person,
  unknownPerson,
} from './persons.ts';
import { reachAtStartMs } from './reaching.ts';
import { type KnownPeople, keyMissing } from './sealing.ts';
import { shared } from './sharing.ts';

export type PersonKeysOptions = Omit<KnownStreamsOptions, 'commands'> & {
  people: People;
  ring: KeyRing;
  /** Random ids stand for people, which are taken from those who are erased. */
  randomIds?: boolean;
};

const sweepEveryMs = 1_000;
const rollEveryMs = 60_000;

/**
 * The keys of an application's people at a command service. A person's own lane decides which key
 * the person has, and that it is destroyed. The key is in its topic before that lane names it, and
 * so before any event is encrypted with it.
 */
export class PersonKeys implements KnownPeople {
  readonly #options: PersonKeysOptions;
  readonly staysErased: boolean;
  readonly #people = new Map<string, Person>();
  readonly #making = new Map<string, Promise<void>>();
  /** Of people who were erased: to be ended in the topic of keys, if they aren't. */
  readonly #doomed = new Set<string>();
  /** People who were erased: to be forgotten in the topic, if ids are random. */
  readonly #leaving = new Set<string>();
  readonly #following: FollowedTopic;
  readonly #timers: NodeJS.Timeout[];
  #lanes: Pick<Lanes, 'submit'> | null = null;

  private constructor(options: PersonKeysOptions) {
    this.#options = options;
    const { people, ring, randomIds = false } = options;
    this.staysErased = randomIds;
    this.#following = followTopic(options, people.topic, (event) => {
      this.#learn(event as unknown as PeopleEvent);
    });
    ring.onRevived = (keyId) => this.#doomed.add(keyId);
    this.#timers = [
      setInterval(() => void this.#sweep().catch(() => {}), sweepEveryMs).unref(),
      setInterval(() => void this.#roll(), rollEveryMs).unref(),
    ];
  }

  /** Resolves once all people are known that the log had. */
  static async open(options: PersonKeysOptions): Promise<PersonKeys> {
    const keys = new PersonKeys(options);
    try {
      await keys.#following.caughtUp(reachAtStartMs);
      return keys;
    } catch (error) {
      await keys.close();
      throw error;
    }
  }

  /** Keys are made by commands, so lanes have to be there first. */
  serve(lanes: Pick<Lanes, 'submit'>): void {
    this.#lanes = lanes;
  }

  person(userId: string): Person {
    return this.#people.get(userId) ?? unknownPerson;
  }

  /**
   * Has a command decided that may write text, and again once its person has a key. Before that,
   * all keys are known that were destroyed before the command came: so none of them is used.
   */
  async deciding(asked: Request, sender: Sender, decide: () => Promise<Outcome>): Promise<Outcome> {
    if (!writesText(asked)) return decide();
    const { ring } = this.#options;
    await reached(ring.caughtUp());
    return decidedWithKeys({
      decide,
      provide: (userId) => reached(this.#provide(userId, asked, sender)),
      settle: (keyId) => reached(ring.settle(keyId)),
      until: asked.until,
    });
  }

  /** Resolves once nobody can read the keys any more that an answered erasure has ended. */
  async erased({ command, key }: Request, { seen }: Outcome): Promise<void> {
    if (command.name !== this.#options.people.erase.name || seen === null) return;
    try {
      await this.#following.reached(laneOf(key, this.#options.lanes), seen.offset);
      await this.#sweep();
    } catch (cause) {
      const detail = 'You are erased, but your key is not destroyed yet; ask again.';
      throw new Problem('part-away', detail, { cause });
    }
  }

  /** Ends the segments that Kafka has to compact after a key was destroyed. */
  async #roll(): Promise<void> {
    const { ring, onWarning } = this.#options;
    if (!ring.isRollDue()) return;
    await ring.roll().catch((error: Error) => onWarning(error.message));
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#following.close();
  }

  #learn(event: PeopleEvent): void {
    const { userId, keyId } = event.data;
    this.#people.set(userId, evolvePerson(this.person(userId), event));
    if (!isErasure(event)) return;
    if (keyId !== null) this.#doomed.add(keyId);
    if (this.staysErased) this.#leaving.add(userId);
  }

  /** Destroys what is doomed by now, also what a copy or a rotation has written again. */
  readonly #sweep = shared(async () => {
    const { ring, onWarning } = this.#options;
    const doomed = [...this.#doomed];
    const leaving = [...this.#leaving];
    if (doomed.length + leaving.length === 0) return;
    try {
      // A key is in its topic before any event names it, so it is known then.
      await ring.caughtUp();
      for (const keyId of doomed) {
        const { stands, isErased } = ring.recordsOf(keyId);
        if (!isErased) await ring.erase(keyId);
        else if (stands) await ring.drop(keyId);
        this.#doomed.delete(keyId);
      }
      for (const userId of leaving) {
        for (const subject of ring.subjects.allWith(userId)) await ring.takeId(subject);
        this.#leaving.delete(userId);
      }
    } catch (error) {
      onWarning(`A key isn't destroyed yet: ${(error as Error).message}`);
      throw error;
    }
  });

  #provide(userId: string, { until }: Request, sender: Sender): Promise<void> {
    const making = this.#making.get(userId) ?? this.#make(userId, until, sender);
    this.#making.set(userId, making);
    return making.finally(() => this.#making.delete(userId));
  }

  /** The key is in its topic before the person's lane decides for it. */
  async #make(userId: string, until: number, sender: Sender): Promise<void> {
    const { ring } = this.#options;
    await Promise.all([this.#following.caughtUp(), ring.caughtUp()]);
    const { keyId: stands, erased } = this.person(userId);
    if (erased && this.staysErased) return;
    const known = stands === null ? 'erased' : ring.find(stands);
    if (known instanceof PersonKey) return; // Another node has made it.
    if (known !== 'erased') throw keyMissing();
    const keyId = randomUUID();
    await ring.make(keyId);
    const returns = this.staysErased ? { returns: false as const } : {};
    const { types, seen } = await this.#decideKey({ userId, keyId, ...returns }, until, sender);
    // What the lane has decided may not be readable yet.
    if (seen) {
      await this.#following.reached(laneOf(userId, this.#options.lanes), seen.offset);
      await ring.caughtUp();
    }
    const isSpare = types.length === 0 && this.person(userId).keyId !== keyId;
    if (isSpare) await ring.drop(keyId); // Another one was faster, and this one is unused.
  }

  #decideKey(input: KeyToMake, until: number, sender: Sender): Promise<Outcome> {
    if (!this.#lanes) throw new Problem('part-away', 'The lanes are not open yet; try again.');
    const { makeKey } = this.#options.people;
    const envelope = { idempotencyKey: makeUpKey(), expectedVersion: null };
    const { caller, trace } = sender;
    const asked = request(makeKey, input, caller, { ...envelope, trace, until });
    return this.#lanes.submit(asked, forwarding(makeKey, input, envelope, sender));
  }
}

/** Without the topic of keys, no text can be taken. */
async function reached(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    const isAway = cause instanceof LogUnavailableError || cause instanceof InDoubtError;
    if (!isAway) throw cause;
    throw new Problem('part-away', 'The keys of text are out of reach; try again.', { cause });
  }
}
