import { MongoBulkWriteError, MongoNetworkError, MongoServerError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { isMongoAway } from './mongo-away.ts';

const cut = new MongoNetworkError('connection 5 to 127.0.0.1:27017 closed');
type Bulk = ConstructorParameters<typeof MongoBulkWriteError>;
const inBulk = (error: object) => new MongoBulkWriteError(error as Bulk[0], {} as Bulk[1]);

describe('MongoDB', () => {
  it.each([
    ['a connection that was cut', cut],
    ['a connection that was cut during a bulk write', inBulk(cut)],
    ['a server that shuts down', new MongoServerError({ message: 'shutting down', code: 91 })],
    [
      'a server that shuts down during a bulk write',
      inBulk({ message: 'shutting down', code: 91 }),
    ],
  ])('is away: %s', (_, error) => {
    expect(isMongoAway(error)).toBe(true);
  });

  it.each([
    ['a duplicate key', new MongoServerError({ message: 'E11000', code: 11_000 })],
    ['a duplicate key in a bulk write', inBulk({ message: 'E11000', code: 11_000 })],
    ['a mistake of our own', new TypeError('undefined is not a function')],
    ['nothing at all', undefined],
  ])('is not away: %s', (_, error) => {
    expect(isMongoAway(error)).toBe(false);
  });
});
