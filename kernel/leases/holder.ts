import { messageOf } from '../message-of.ts';
import { unpausedNow } from './clock.ts';
import { DatabaseClock } from './database-clock.ts';
import { discardSession } from './discard-session.ts';
import { Failures } from './failures.ts';
import { balanceFor } from './fair-shares.ts';
import { HeldLease, type Lease } from './lease.ts';
import type { LeaseHolder, LeaseOptions, Owner } from './lease-holder.ts';
import { holdingsOf, isOf, LeaseTable, type LeaseTableView } from './lease-table.ts';
import { untilTick } from './ticks.ts';
import { within } from './within.ts';

const closeMs = 400;
/** The table is read no more often than this, however many commands notice that a lane moves. */
const lookEveryMs = 100;
/** How often to look while other members still have lanes of this member's share. */
const owedEveryMs = 100;

/** One role's leases in this process. */
export class Holder implements LeaseHolder {
  readonly #options: LeaseOptions;
  readonly #table: LeaseTable;
  readonly #held = new Map<number, HeldLease>();
  readonly #failures: Failures;
  readonly #clock: DatabaseClock;
  #view: LeaseTableView = { leases: new Map(), members: [] };
  #loop: Promise<void> = Promise.resolve();
  #ticking: Promise<void> = Promise.resolve();
  #left: Promise<unknown> | undefined;
  #wake: (() => void) | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #closing = false;
  /** Whether other members still have, or just had, lanes of this member's share. */
  #isOwed = false;
  #trouble = '';
  /** After Mongo was away all leases look expired; until this time their owners may renew them. */
  #patientUntil = 0;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#table = new LeaseTable(options.client, options.database, options);
    this.#failures = new Failures(options.ttlMs);
    this.#clock = options.clock ?? new DatabaseClock();
  }

  start(): void {
    this.#loop = this.#run();
  }

  held(lane: number): Lease | undefined {
    return this.#held.get(lane);
  }

  ownerOf(lane: number): Owner | undefined {
    const held = this.#held.get(lane);
    if (held) return { ...this.#options.member, term: held.term };
    const row = this.#view.leases.get(lane);
    return row?.owner ? { id: row.owner, url: row.url, term: row.term } : undefined;
  }

  look(): void {
    const now = performance.now();
    if (now - this.#lookedAt < lookEveryMs) return;
    this.#lookedAt = now;
    this.#wake?.();
  }

  giveUp(lease: Lease, reason: string): void {
    const held = this.#held.get(lease.lane);
    if (held === lease && held) this.#giveUp(held, reason);
  }

  async leave(): Promise<void> {
    this.#left ??= this.#leaveAll();
    await this.#left;
  }

  hasSuccessor(): boolean {
    const { id } = this.#options.member;
    return !this.#left || this.#view.members.some((member) => member !== id);
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.leave();
    this.#wake?.();
    await within(closeMs, this.#loop).catch(() => {});
  }

  #leaveAll(): Promise<unknown> {
    // Leave after the tick: a renewal under way would make this a member again, with a share.
    const gone = this.#ticking.catch(() => {}).then(() => this.#table.leave());
    this.#wake?.();
    // Leave before the lanes are free, so that the other members' shares include all of them.
    const left = [...this.#held.values()].map((lease) => this.#leave(lease, closeMs, gone));
    const all = [gone, ...left];
    return within(closeMs + closeMs / 2, Promise.allSettled(all)).catch(() => {});
  }

  async #run(): Promise<void> {
    const { ttlMs } = this.#options;
    while (!this.#closing) {
      let soonMs = Number.POSITIVE_INFINITY;
      try {
        this.#ticking = this.#left ? this.#observe() : this.#tick();
        await this.#ticking;
        this.#say('');
        const isMoving = this.#isOwed || this.#left;
        soonMs = Math.min(this.#nextExpiryMs(), isMoving ? owedEveryMs : soonMs);
      } catch (error) {
        if (this.#closing) return;
        if (this.#view.members.length > 0) this.#patientUntil = Number.POSITIVE_INFINITY;
        this.#say(`the leases of ${this.#options.role} can't be renewed: ${messageOf(error)}`);
      }
      // `close` may have come during the tick, when there was no sleep for it to end.
      if (!this.#closing) await this.#sleep(Math.min(soonMs, untilTick(ttlMs)));
    }
  }

  async #tick(): Promise<void> {
    const { ttlMs, lanes, dropAtDeadline } = this.#options;
    if (this.#clock.trouble()) await this.#observe();
    if (this.#clock.trouble()) return this.#stepBack();
    const leases = [...this.#held.values()].filter((lease) => {
      if (dropAtDeadline && !lease.valid) this.#lose(lease, 'its deadline passed');
      return !lease.lost.aborted;
    });
    if (this.#view.leases.size < lanes) await within(ttlMs, this.#table.prepare(lanes));
    const sentAt = unpausedNow();
    await within(ttlMs, this.#table.renew(leases.map(({ session }) => session)));
    await this.#observe();
    for (const lease of leases) this.#judge(lease, sentAt + ttlMs);
    if (this.#patientUntil === Number.POSITIVE_INFINITY) {
      this.#patientUntil = performance.now() + ttlMs / 2;
    }
    if (this.#clock.trouble()) await this.#stepBack();
    else if (!this.#left) await this.#balance();
  }

  async #observe(): Promise<void> {
    const sentAt = performance.now();
    this.#view = await within(this.#options.ttlMs, this.#table.read());
    if (this.#view.at !== undefined) this.#clock.compare(sentAt, this.#view.at);
  }

  /** While the clock is off: drains nothing, since that could append. */
  async #stepBack(): Promise<void> {
    const leases = [...this.#held.values()];
    for (const lease of leases) this.#drop(lease, this.#clock.trouble() ?? 'the clock was off');
    this.#isOwed = false;
    const left = this.#table.leave().catch(() => {});
    for (const lease of leases) void this.#end(lease, left);
    await within(this.#options.ttlMs, left);
  }

  /** Gives back a lane that was dropped. */
  async #end(lease: HeldLease, after?: Promise<void>, failedMs?: number): Promise<void> {
    const clean = await this.#stopped(lease, this.#options.ttlMs);
    await after;
    await this.#release(lease, clean, failedMs);
  }

  /** A session id belongs to one lease only, so a row that still shows it was renewed. */
  #judge(lease: HeldLease, deadline: number): void {
    const row = this.#view.leases.get(lease.lane);
    if (row && isOf(row, lease.session)) {
      if (!lease.lost.aborted) lease.renewed(deadline);
    } else {
      this.#lose(lease, `its term ${lease.term} is over`);
    }
  }

  async #balance(): Promise<void> {
    const { member, lanes, ttlMs } = this.#options;
    const isPatient = performance.now() < this.#patientUntil;
    const holdings = holdingsOf(this.#view, { lanes, me: member.id, isPatient });
    const { keep, free, strays } = balanceFor(member.id, this.#view.members, holdings);
    const isOwn = ({ leaving, lane }: HeldLease) => !leaving && !holdings[lane]?.failed.length;
    const staying = [...this.#held.values()].filter(isOwn);
    for (const lease of staying.slice(keep)) void this.#leave(lease, 2 * ttlMs);
    const unheld = free.filter((lane) => !this.#held.has(lane));
    const unpaused = (lanes: number[]) => lanes.filter((lane) => !this.#failures.isPaused(lane));
    const wanted = unpaused(unheld);
    const others = holdings.filter(({ lane, failed }) => !failed.length && !this.#held.has(lane));
    const missing = Math.min(others.length, Math.max(0, keep - staying.length));
    const stray = unpaused(strays.filter((lane) => !this.#held.has(lane)));
    // Not all at once, so that other members get some too.
    const some = stray.slice(0, Math.ceil(stray.length / this.#view.members.length));
    const own = wanted.slice(0, missing);
    const taken = await Promise.all([...own, ...some].map((lane) => this.#take(lane)));
    // Paused lanes don't count as owed; lanes lost in a race do, and are retried.
    const paused = unheld.length - wanted.length;
    this.#isOwed = taken.slice(0, own.length).filter(Boolean).length + paused < missing;
  }

  /** @returns false if another member was first. */
  async #take(lane: number): Promise<boolean> {
    const { client, role, ttlMs, dropAtDeadline, work } = this.#options;
    const session = client.startSession();
    const deadline = unpausedNow() + ttlMs;
    const taking = within(ttlMs, this.#table.take(lane, session));
    taking.catch(() => discardSession(session));
    const term = await taking;
    if (term === undefined) return session.endSession().then(() => false);
    const onDeadline = (late: HeldLease) => this.#lose(late, 'its deadline passed');
    const lease = new HeldLease(
      { role, lane, term, session, deadline },
      {
        onDeadline: dropAtDeadline ? onDeadline : undefined,
        passOn: (one, reason) => this.#passOn(one, reason),
      },
    );
    this.#held.set(lane, lease);
    if (this.#left) await this.#leave(lease, closeMs);
    else {
      lease.work = (async () => work(lease))();
      lease.work.catch((error) => this.#giveUp(lease, messageOf(error)));
    }
    return true;
  }

  #passOn(lease: HeldLease, reason: string): boolean {
    const { leases, members } = this.#view;
    const failed = leases.get(lease.lane)?.failed ?? [];
    const isStandIn = (one: string) => one !== this.#options.member.id && !failed.includes(one);
    if (!members.some(isStandIn)) return false;
    this.#giveUp(lease, reason);
    return true;
  }

  /** Another member may hold the lane by now. */
  #lose(lease: HeldLease, reason: string): void {
    if (lease.lost.aborted) return;
    this.#drop(lease, reason);
    void this.#stopped(lease, this.#options.ttlMs).then(() => discardSession(lease.session));
  }

  #drop(lease: HeldLease, reason: string): void {
    lease.lose(`lane ${lease.lane} of ${lease.role} is lost: ${reason}`);
    if (this.#held.get(lease.lane) === lease) this.#held.delete(lease.lane);
  }

  /** A planned move. It runs beside the renewals, so that a slow drain doesn't cost the lease. */
  async #leave(lease: HeldLease, limitMs: number, after?: Promise<void>): Promise<void> {
    lease.leaving = true;
    const drained = await this.#stopped(lease, limitMs);
    await after?.catch(() => {});
    if (lease.lost.aborted) return;
    this.#drop(lease, 'it moves');
    await this.#release(lease, drained);
  }

  #giveUp(lease: HeldLease, reason: string): void {
    if (lease.lost.aborted) return;
    const failedMs = this.#failures.failed(lease.lane, performance.now() - lease.takenAt);
    this.#options.onWarning?.(`gave up lane ${lease.lane} of ${lease.role}: ${reason}`);
    this.#drop(lease, reason);
    void this.#end(lease, undefined, failedMs);
  }

  /** @returns false if the work did not stop in time, or its drain failed. */
  async #stopped(lease: HeldLease, limitMs: number): Promise<boolean> {
    const work = await lease.work?.catch(() => undefined);
    if (!work) return true;
    const drain = work.drain().then(() => true);
    return within(limitMs, drain).catch(() => false);
  }

  /** After a clean end the session goes back to the driver's pool. */
  async #release({ session }: HeldLease, clean: boolean, failedMs?: number): Promise<void> {
    const released = within(closeMs, this.#table.release(session, clean, failedMs));
    // A lease that isn't released runs out by itself.
    const isDone = await released.then(() => clean).catch(() => false);
    await (isDone ? session.endSession() : discardSession(session));
  }

  /** How long until another member's lease may run out, so that no lane is idle for long. */
  #nextExpiryMs(): number {
    const rests = [...this.#view.leases.values()]
      .filter((row) => row.owner && row.restMs > 0 && !this.#held.has(row.lane))
      .map((row) => row.restMs + 20);
    return Math.min(Number.POSITIVE_INFINITY, ...rests);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #say(trouble: string): void {
    if (trouble && trouble !== this.#trouble) this.#options.onWarning?.(trouble);
    this.#trouble = trouble;
  }
}
