import type { ExamplesOf } from '@event-sourced/kernel/schemas';
import { alicesFirst, later, metaOf } from '../example-meta.ts';
import type { PeopleEvent } from '../generated/events.ts';

const key = { userId: 'alice', keyId: 'c0b7f0de-5a36-4a55-8f05-9b8f6a1f1a52' };

export const examples: ExamplesOf<PeopleEvent> = {
  PersonKeyMade: {
    type: 'PersonKeyMade',
    meta: metaOf('people/alice', 1, alicesFirst, 'alice'),
    data: { ...key, madeAt: alicesFirst },
  },
  PersonErased: {
    type: 'PersonErased',
    meta: metaOf('people/alice', 2, later, 'alice'),
    data: { ...key, erasedAt: later },
  },
};
