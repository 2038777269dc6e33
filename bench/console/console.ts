import type { Page } from 'playwright-core';
import { openBrowser, openPage } from '#tests/console/browser.ts';
import type { BenchOptions } from '../options.ts';
import { load, median, rounded, type Target, table, writeResults } from '../results.ts';
import { progress, startRig } from '../rig.ts';
import { browse, type Memory, opened, search, tail, watch } from './journeys.ts';
import { startSystem } from './system.ts';
import { longTaskMs, type Tasks } from './tasks.ts';

/**
 * Measures the console in Chromium on the real system: how soon its first page can be used, the
 * longest task of the page while one reads long lists, and its memory while rankings move.
 */

type Journey = { name: string } & Tasks;
type Measured = { interactiveMs: number[]; journeys: Journey[]; memory: Memory[] };

const votesBefore = 20_000;
const votesPerSecond = 20;
const starts = 5;

export async function benchConsole({ movies, minutes, speed }: BenchOptions) {
  const rig = await startRig({});
  const count = Math.max(...movies);
  const perSecond = votesPerSecond * speed;
  try {
    const amounts = { movies: count, votesBefore, votesPerSecond: perSecond };
    const { url, stop } = await startSystem(rig, amounts);
    const browser = await openBrowser();
    try {
      const { page } = await openPage(browser);
      const watched = { url, minutes, speed };
      const measured = await journeysOf(page, url, count, watched);
      show(measured.journeys);
      const given = { movies: count, minutes, speed, votesPerSecond: perSecond };
      const results = { what, ...given, load: load(), ...measured };
      await writeResults('console', results, targetsOf(measured));
    } finally {
      await browser.close();
      await stop();
    }
  } finally {
    await rig.stop();
  }
}

const what =
  'Milliseconds until the first ranking is on the screen and can be clicked, an empty cache; the ' +
  "longest task of the page's thread in each journey, from begin to end, and how much of it the " +
  'thread worked itself; its heap and nodes after each minute.';

async function journeysOf(
  page: Page,
  url: string,
  movies: number,
  watched: Parameters<typeof watch>[1],
): Promise<Measured> {
  const { minutes, speed } = watched;
  const interactiveMs: number[] = [];
  for (let round = 0; round < starts; round += 1) {
    interactiveMs.push(await progress.step('Open the first page', () => opened(page, url)));
  }
  const journeys: Journey[] = [];
  const journey = async (name: string, act: () => Promise<Tasks>) => {
    journeys.push({ name, ...(await progress.step(name, act)) });
  };
  await journey(`browse ${movies} movies`, () => browse(page, url));
  await journey('search as one types', () => search(page, url));
  await journey('ten thousand events in the tail', () => tail(page, url));
  let memory: Memory[] = [];
  const faster = speed === 1 ? '' : `, ${speed} times as fast`;
  await journey(`${minutes} minutes of rankings${faster}`, async () => {
    const seen = await watch(page, watched);
    memory = seen.memory;
    return seen.tasks;
  });
  return { interactiveMs, journeys, memory };
}

function show(journeys: readonly Journey[]): void {
  const head = ['journey', 'longest task, ms', `above ${longTaskMs}`, 'its own, ms', 'above'];
  const rows = journeys.map(({ name, longestMs, longTasks, longestOwnMs, longOwnTasks }) =>
    [name, longestMs, longTasks, longestOwnMs, longOwnTasks].map(String),
  );
  progress.say(`\n${table(head, rows)}\n`);
}

function targetsOf({ interactiveMs, journeys, memory }: Measured): Target[] {
  const half = memory.slice(1, Math.ceil(memory.length / 2) + 1).map(({ heapMb }) => heapMb);
  const rest = memory.slice(-half.length).map(({ heapMb }) => heapMb);
  const growth = rounded(median(rest) / median(half));
  const soon = median(interactiveMs);
  return [
    { what: 'interactive, ms', wanted: 'under 1000', measured: soon, met: soon < 1_000 },
    ...journeys.map(({ name, longestOwnMs: longest }) => ({
      what: `${name}: longest task of the page's own, ms`,
      ...{ wanted: `at most ${longTaskMs}`, measured: longest, met: longest <= longTaskMs },
    })),
    {
      what: 'heap in the second half of the rankings, × the first half',
      ...{ wanted: 'at most 1.1', measured: growth, met: growth <= 1.1 },
    },
  ];
}
