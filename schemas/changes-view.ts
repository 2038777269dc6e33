import { view } from '@event-sourced/kernel/view';

export const changeLists = ['movies', 'votes', 'reminders', 'watched', 'tickets'] as const;

/** Where in the log the last event about an item of a list is; also of items that are no more. */
export type ChangeDocument = {
  /** `list/` and the id of the item's own document. */
  _id: string;
  list: (typeof changeLists)[number];
  /** The id of the item's own document. */
  item: string;
  /** The user whose list it is in; empty for the catalogue, since an index can't bound null. */
  owner: string;
  /** `<topic>:<lane>` */
  at: string;
  offset: number;
  gone: boolean;
};

/** What clients that keep lists of their own have to read anew. */
export const changesView = view<ChangeDocument>({
  name: 'item-changes',
  version: 2,
  topics: ['movies', 'ranking', 'reminders', 'support'],
  copied: { by: 'owner' },
  indexes: [{ key: { owner: 1, at: 1, offset: 1 } }],
});
