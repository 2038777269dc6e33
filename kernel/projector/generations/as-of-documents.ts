import type { Collection, Db } from 'mongodb';

/** Views as they stood at a time, under a name. They never change, and are served to operators. */
export type AsOf = {
  /** Its name. */
  _id: string;
  /** Every event up to this time is folded, and no later one. */
  time: Date;
  /** `parcels@1`, and the generation that holds its documents. */
  views: { view: string; generation: string }[];
  startedAt: Date;
  /** Null while it is being built. */
  builtAt: Date | null;
};

export const asOfsIn = (db: Db): Collection<AsOf> => db.collection<AsOf>('as_ofs');
