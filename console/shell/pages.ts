import type { IconName } from '../look/icons.tsx';

/** The pages that the navigation and the palette list, each with those that belong to it. */
export type PageLink = {
  to: string;
  label: string;
  icon: IconName;
  also?: string;
  parts?: readonly string[];
};

export const viewerPages: readonly PageLink[] = [
  { to: '/', label: 'Rankings', icon: 'ranking', also: 'home live votes like genre' },
  { to: '/movies', label: 'Films', icon: 'film', also: 'browse catalogue filter movies' },
  { to: '/me/recommendations', label: 'For you', icon: 'star', also: 'recommendations' },
  {
    ...{ to: '/me/votes', label: 'My lists', icon: 'list', also: 'votes reminders watched' },
    parts: ['/me/reminders', '/me/watched'],
  },
  { to: '/me/stats', label: 'In figures', icon: 'figures', also: 'stats statistics minutes' },
  { to: '/me/notifications', label: 'Notifications', icon: 'bell', also: 'due reminders news' },
  { to: '/tickets', label: 'Tickets', icon: 'ticket', also: 'support service order help' },
];

export const operatorPages: readonly PageLink[] = [
  { to: '/ops', label: 'Flow', icon: 'flow', also: 'operations lag system trouble overview' },
  { to: '/ops/projections', label: 'Projections', icon: 'layers', also: 'views rebuild switch' },
  { to: '/ops/time', label: 'Time machine', icon: 'clock', also: 'past as of history' },
  { to: '/ops/streams', label: 'Streams', icon: 'events', also: 'events state history' },
  { to: '/ops/tail', label: 'Tail', icon: 'tail', also: 'log live follow events' },
  { to: '/ops/trace', label: 'Trace', icon: 'trace', also: 'correlation request' },
  { to: '/ops/dead-letters', label: 'Dead letters', icon: 'alert', also: 'parked retry discard' },
  { to: '/ops/schemas', label: 'Schemas', icon: 'code', also: 'versions avro check' },
  { to: '/ops/lanes', label: 'Lanes', icon: 'lanes', also: 'writers leases nodes reactors' },
  { to: '/ops/audit', label: 'Audit', icon: 'list', also: 'jobs acts who did what' },
];
