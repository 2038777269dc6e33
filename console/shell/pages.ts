import type { IconName } from '../look/icons.tsx';

/** The pages that the navigation and the palette list. */
export type PageLink = { to: string; label: string; icon: IconName; also?: string };

export const viewerPages: readonly PageLink[] = [
  { to: '/', label: 'Rankings', icon: 'ranking', also: 'home live votes like genre' },
  { to: '/movies', label: 'Films', icon: 'film', also: 'browse catalogue filter movies' },
  { to: '/me/recommendations', label: 'For you', icon: 'star', also: 'recommendations' },
  { to: '/me/votes', label: 'My lists', icon: 'list', also: 'votes reminders watched' },
  { to: '/me/notifications', label: 'Notifications', icon: 'bell', also: 'due reminders news' },
  { to: '/tickets', label: 'Tickets', icon: 'ticket', also: 'support service order help' },
];

export const operatorPages: readonly PageLink[] = [
  { to: '/ops', label: 'Operations', icon: 'flow', also: 'flow lag system' },
];
