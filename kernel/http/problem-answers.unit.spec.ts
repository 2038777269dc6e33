import { MongoNetworkError } from 'mongodb';
import { expect, it } from 'vitest';
import { RegistryAwayError } from '../codec/registry-requests.ts';
import { openLog } from '../log/kafka-log.ts';
import { LaneReadError } from '../log/log.ts';
import { problemOf } from './problem-answers.ts';

const at = { topic: 'parcels', lane: 0 };

it.each([
  ['MongoDB', new MongoNetworkError('cut off')],
  ['Kafka, for too long', new LaneReadError(at, 'unavailable', 'no leader')],
  ['the schema registry', new RegistryAwayError('no answer')],
])('a part that is away is not taken for a defect: %s', (_, error) => {
  expect(problemOf(error)).toMatchObject({ code: 'part-away', cause: error });
});

it('a Kafka that is away from the start is no defect either', async () => {
  const log = openLog({ brokers: ['127.0.0.1:1'], clientId: 'test' });
  const errors = await Promise.all(
    [log.topics(), log.stableOffsets('parcels', 10)].map((asked) => asked.catch((one) => one)),
  );
  expect(errors.map((error) => problemOf(error).code)).toEqual(['part-away', 'part-away']);
  await log.close();
});

it('a lane that has lost records is one', () => {
  expect(problemOf(new LaneReadError(at, 'hole', 'lost')).code).toBe('internal-error');
});
