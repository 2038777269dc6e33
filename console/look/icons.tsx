import css from './parts.module.css';

/** Line drawings on a grid of 24. */
const paths = {
  film: 'M4 4h16v16H4zM4 9h16M4 15h16M9 4v5M15 4v5M9 15v5M15 15v5',
  ranking: 'M5 20V10M12 20V4M19 20v-7',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  bell: 'M6 9a6 6 0 1 1 12 0c0 6 2 7 2 7H4s2-1 2-7M10 20a2 2 0 0 0 4 0',
  star: 'm12 4 2.4 5 5.6.7-4 3.9 1 5.4-5-2.7L7 19l1-5.4-4-3.9 5.6-.7z',
  ticket: 'M4 7h16v3a2 2 0 0 0 0 4v3H4v-3a2 2 0 0 0 0-4zM14 7v10',
  flow: 'M5 12h4M15 6h4M15 18h4M9 12c4 0 2-6 6-6M9 12c4 0 2 6 6 6M3 12h2M19 6h2M19 18h2',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M20 20l-4-4',
  sun:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1 1M18 18l1 1' +
    'M5 19l1-1M18 6l1-1',
  moon: 'M20 14A8 8 0 1 1 10 4a6.5 6.5 0 0 0 10 10',
  auto: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 3v18M12 8l6-2M12 13h9M12 18l6 0',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3 2',
  user: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4 20c1-4 4-5 8-5s7 1 8 5',
  up:
    'M7 11v9' +
    'M7 11l4-8c2 0 3 1 3 3l-1 4h6c1 0 2 1 1.700 2.500l-1.300 6c-.2 1-1 1.500-2 1.500H7M4 11h3v9H4z',
  down:
    'M17 13V4M17 13l-4 8c-2 0-3-1-3-3l1-4H5c-1 0-2-1-1.700-2.500' +
    'l1.300-6C4.800 4.500 5.600 4 6.600 4H17M20 13h-3V4h3z',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6',
  undo: 'M4 9h10a6 6 0 0 1 0 12h-4M4 9l4-4M4 9l4 4',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6 6 18',
  code: 'M8 7l-5 5 5 5M16 7l5 5-5 5M13 5l-2 14',
  events: 'M5 5h4v4H5zM15 10h4v4h-4zM5 15h4v4H5zM9 7h4c2 0 2 5 4 5M9 17h4c2 0 2-5 4-5',
  people:
    'M9 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M3 19c.5-4 3-5 6-5s5.500 1 6 5M16 5.500a3 3 0 0 1 0 5' +
    'M18 14c2 .5 3 2 3 5',
  layers: 'm12 4 8 4-8 4-8-4zM4 12l8 4 8-4M4 16l8 4 8-4',
  tail: 'M4 6h16M4 11h16M4 16h9M17 14v6M14.500 17.500 17 20l2.500-2.500',
  trace: 'M4 6h7M8 11h8M13 16h7M11 6v5M16 11v5',
  figures: 'M4 20h16M7 16v-5M12 16V5M17 16V9',
  lanes: 'M6 4v16M12 4v4M12 11v3M12 17v3M18 4v16',
  arrow: 'M5 12h14M13 6l6 6-6 6',
  alert: 'M12 4 2.500 20h19zM12 10v4M12 17h.01',
} as const;

export type IconName = keyof typeof paths;

export const Icon = ({ name }: { name: IconName }) => (
  <svg className={css.icon} viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);
