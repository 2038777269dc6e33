import { expect, it } from 'vitest';
import { z } from 'zod';
import { aggregate, type Command } from '../aggregate.ts';
import { operator } from '../auth/roles.ts';
import type { Event } from '../event.ts';
import type { KnownStreams } from '../writer/known-streams.ts';
import type { Outcome } from '../writer/request.ts';
import { GroupedForwarding } from './grouped-forwarding.ts';
import { type SubmitterOptions, submitter } from './submitter.ts';

type Scanned = Event<'ParcelScanned', { parcelId: string }>;
const parcel = aggregate<null, Scanned>({
  ...{ topic: 'parcels', stateVersion: 1, initial: null, evolve: () => null },
});
const scan = parcel.command({
  ...{ name: 'scan', route: null, role: operator },
  input: z.strictObject({ parcelId: z.string() }),
  stream: ({ parcelId }) => ({ key: parcelId, id: parcelId }),
  decide: ({ parcelId }) => [{ type: 'ParcelScanned', data: { parcelId } }],
}) as Command;

const sender = {
  caller: { userId: 'olga', roles: new Set([operator]) },
  trace: { correlationid: 'c', causationid: null, traceparent: '' },
  authorization: '',
};
const given = { parcelId: 'p1' };
const outcome: Outcome = {
  ...{ stream: 'parcels/p1', version: 1, types: ['ParcelScanned'], made: null },
  seen: { topic: 'parcels', offset: 7 },
};

const submitting = (submit: () => Promise<Outcome>, more: Partial<SubmitterOptions> = {}) =>
  submitter({
    ...{ lanes: { submit }, known: {} as KnownStreams, laneCount: 1, log: 'l' },
    ...{ places: { check: async () => undefined }, advertisedUrl: 'http://host', ...more },
  });

const envelope = { idempotencyKey: 'k', expectedVersion: null, seen: '' };
const forwards = () => new GroupedForwarding(sender, { idempotencyKey: 'k', requesthash: 'h' });

it('answers what the lane decided', async () => {
  const { submit } = submitting(async () => outcome);
  expect(await submit(scan, given, envelope, sender)).toMatchObject({
    status: 200,
    body: { events: outcome.types },
  });
});

it('answers after a limit that it isn’t known what comes of a command', async () => {
  const waiting = submitting(() => new Promise(() => {}), { answerWithinMs: 20 });
  const item = { idempotencyKey: 'k', requesthash: 'h' };
  const inDoubt = {
    code: 'lane-unavailable',
    message: expect.stringContaining('same Idempotency'),
  };
  await expect(waiting.submit(scan, given, envelope, sender)).rejects.toMatchObject(inDoubt);
  await expect(waiting.decide(scan, given, item, sender, forwards())).rejects.toMatchObject(
    inDoubt,
  );
});

it('counts the time in which Kafka is asked about a token', async () => {
  const places = { check: () => new Promise<void>(() => {}) };
  const waiting = submitting(async () => outcome, { places, answerWithinMs: 20 });
  const inDoubt = { code: 'lane-unavailable' };
  await expect(waiting.submit(scan, given, envelope, sender)).rejects.toMatchObject(inDoubt);
});
