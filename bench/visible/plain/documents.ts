import type { Db } from 'mongodb';

type Vote = {
  /** `movieId/userId` */
  _id: string;
  movieId: string;
  userId: string;
  vote: 'like' | 'dislike';
  castAt: number;
  version: number;
};

export const votesOf = (db: Db) => db.collection<Vote>('plain-votes');

/** The offset that each lane reads next. */
export const offsetsOf = (db: Db) => db.collection<{ _id: number; next: number }>('plain-offsets');
