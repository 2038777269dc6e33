import type { Binary, Collection, Document, MongoClient } from 'mongodb';
import { type LeaseDocument, type MemberDocument, tablesOf } from './lease-documents.ts';

/** A lease or a member as MongoDB shows it, with what is computed by the server's clock. */
export type ReadRow = Document & { role: string };

type Renewal = { role: string; member: string; ttlMs: number; sessionIds: Binary[] };

/**
 * Asks MongoDB for the roles of a process, whose holders tick at the same moments: what comes in
 * one turn of the event loop is one call. A call that hangs holds up no later one.
 */
export class LeaseCalls {
  readonly #leases: Collection<LeaseDocument>;
  readonly #members: Collection<MemberDocument>;
  /** Renews memberships, and the leases of these sessions. */
  readonly renew = joined<Renewal, undefined>((all) => this.#renew(all));
  /** @returns leases and members of a role, each with `restMs`, `failed` and `at`. */
  readonly read = joined<string, ReadRow[]>((roles) => this.#read(roles));

  private constructor(client: MongoClient, database: string) {
    const { leases, members } = tablesOf(client, database);
    this.#leases = leases;
    this.#members = members;
  }

  static #ofClients = new WeakMap<MongoClient, Map<string, LeaseCalls>>();

  /** The one that all roles share which use this client. */
  static of(client: MongoClient, database: string): LeaseCalls {
    const known = LeaseCalls.#ofClients.get(client) ?? new Map<string, LeaseCalls>();
    LeaseCalls.#ofClients.set(client, known);
    const calls = known.get(database) ?? new LeaseCalls(client, database);
    known.set(database, calls);
    return calls;
  }

  async #renew(all: readonly Renewal[]): Promise<undefined[]> {
    for (const [ttlMs, some] of Map.groupBy(all, (one) => one.ttlMs)) {
      const renewed = [{ $set: { expiresAt: expiryIn(ttlMs) } }];
      const _id = { $in: some.map(idOf) };
      const { matchedCount } = await this.#members.updateMany({ _id }, renewed);
      // A member that is new, or was away for so long that its row is gone.
      if (matchedCount < some.length) await this.#join(some);
      const sessionIds = some.flatMap((one) => one.sessionIds);
      if (sessionIds.length === 0) continue;
      await this.#leases.updateMany({ sessionId: { $in: sessionIds } }, renewed);
    }
    return all.map(() => undefined);
  }

  async #join(some: readonly Renewal[]): Promise<void> {
    const rows = some.map((one) => ({
      updateOne: {
        filter: { _id: idOf(one) },
        update: [{ $set: { role: one.role, member: one.member, expiresAt: expiryIn(one.ttlMs) } }],
        upsert: true,
      },
    }));
    await this.#members.bulkWrite(rows, { ordered: false });
  }

  async #read(roles: readonly string[]): Promise<ReadRow[][]> {
    const ofRoles = { $match: { role: { $in: roles } } };
    const rest = {
      restMs: { $subtract: ['$expiresAt', '$$NOW'] },
      failed: { $map: { input: stillFailed, in: '$$this.member' } },
      at: '$$NOW',
    };
    const members = { $unionWith: { coll: 'members', pipeline: [ofRoles] } };
    const rows = this.#leases.aggregate<ReadRow>([ofRoles, members, { $set: rest }]);
    const byRole = Map.groupBy(await rows.toArray(), ({ role }) => role);
    return roles.map((role) => byRole.get(role) ?? []);
  }
}

const idOf = ({ role, member }: Renewal): string => `${role}/${member}`;

/** The server's time after so many milliseconds. */
export const expiryIn = (ms: number): Document => ({ $add: ['$$NOW', ms] });

/** Members that are passed over still. */
export const stillFailed: Document = {
  $filter: { input: { $ifNull: ['$failed', []] }, cond: { $gt: ['$$this.until', '$$NOW'] } },
};

/** Makes one call of all that is asked for in the same turn of the event loop. */
function joined<Asked, Answer>(
  ask: (all: readonly Asked[]) => Promise<Answer[]>,
): (one: Asked) => Promise<Answer> {
  let together: { all: Asked[]; answers: Promise<Answer[]> } | null = null;
  return async (one) => {
    if (!together) {
      const all: Asked[] = [];
      const answers = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        together = null;
        return ask(all);
      });
      together = { all, answers };
    }
    const at = together.all.push(one) - 1;
    return (await together.answers)[at] as Answer;
  };
}
