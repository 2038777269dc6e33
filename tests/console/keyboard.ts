import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask } from '../answers.ts';
import { post } from './as-somebody.ts';
import { button, expectAccessible } from './browser.ts';
import { sendPastTheApi } from './harm.ts';
import type { RunningConsole } from './running-console.ts';

/** The console by the keyboard alone. */

export type Stop = { id: string; name: string; isSeen: boolean; isMarked: boolean };

/**
 * What has the focus: whether it is in sight and marked, with nothing in front of it. Two frames
 * later, since what had it before may take one to go away. Of what is higher than the screen, some
 * of it has to be in sight.
 */
const focused = `new Promise((resolve) => {
  const look = () => {
    const one = document.activeElement;
    if (!one || one === document.body) return resolve(null);
    const [{ left, top, width, height } = one.getBoundingClientRect()] = one.getClientRects();
    const isInFront = (part) =>
      one.contains(document.elementFromPoint(left + width / 2, top + height * part));
    const parts = height > window.innerHeight / 2 ? [0.02, 0.25, 0.5, 0.75, 0.98] : [0.5];
    const labels = (one.getAttribute('aria-labelledby') ?? '').split(' ').filter(Boolean);
    const named = [
      one.getAttribute('aria-label'),
      labels.map((id) => document.getElementById(id)?.textContent).join(' '),
      ...[...(one.labels ?? [])].map(({ textContent }) => textContent),
      one.textContent,
    ];
    const name = named.map((text) => (text ?? '').trim()).find(Boolean) ?? '';
    const isSeen = width > 0 && height > 0 && parts.some(isInFront);
    const isMarked = getComputedStyle(one).outlineStyle !== 'none';
    resolve({ id: one.id, name, isSeen, isMarked });
  };
  requestAnimationFrame(() => requestAnimationFrame(look));
})`;

export async function press(page: Page, key: string): Promise<Stop | null> {
  await page.keyboard.press(key);
  return page.evaluate<Stop | null>(focused);
}

export const firstStop = 'Skip to the page';
export const mostStops = 100;

export const unfit = (stops: readonly Stop[]) =>
  stops.filter(({ name, isSeen, isMarked }) => !name || !isSeen || !isMarked);

/**
 * Walks by Tab from the begin of a page's own part to the end of the screen.
 * @returns the names of all that can be reached.
 */
export async function expectToBeWalked(page: Page): Promise<string[]> {
  await page.locator('#main').focus();
  const stops: Stop[] = [];
  for (let stop = await press(page, 'Tab'); stop && stop.name !== firstStop; ) {
    stops.push(stop);
    expect(stops.length, `${page.url()} lets nobody go`).toBeLessThan(mostStops);
    stop = await press(page, 'Tab');
  }
  expect(unfit(stops), page.url()).toEqual([]);
  await page.evaluate('document.activeElement.blur(); window.scrollTo(0, 0)');
  const names = stops.map(({ name }) => name);
  expect(names, page.url()).toEqual(
    expect.arrayContaining(['Show the request', 'What just happened']),
  );
  return names;
}

type Case = {
  user: string;
  path: string;
  opener: string | RegExp;
  dialog: string | RegExp;
  /** What is pressed in the dialog, which is over then. */
  act?: RegExp;
};

const dialogs = (ticketId: string): readonly Case[] => [
  { user: 'alice', path: '', opener: /^Find a film/, dialog: 'Find' },
  { user: 'alice', path: '', opener: 'You are alice', dialog: 'Who are you?', act: /^alice/ },
  { user: 'alice', path: '', opener: 'Show the request', dialog: /^Requests behind/ },
  { ...letters, opener: /^Retry all/, dialog: /^Retry 4 dead letters/, act: /^Retry$/ },
  { ...letters, opener: /^Discard all/, dialog: /^Discard 4 dead letters/ },
  {
    ...{ user: 'olga', path: `#/ops/streams?stream=support/${ticketId}&at=1` },
    ...{ opener: 'Reveal', dialog: 'Read what people wrote?' },
  },
];

const letters = { user: 'olga', path: '#/ops/dead-letters?key=by-keyboard' };

export function keyboardJourneys(running: () => RunningConsole): void {
  it('opens a dialog again that was closed by the key before', async () => {
    const { page } = await running().as('alice', '');
    const dialog = page.getByRole('dialog', { name: /^Requests behind/ });
    await button(page, 'Show the request').press('Enter');
    await dialog.waitFor();
    for (const key of ['Space', 'Enter', 'Space']) {
      // Both are on their way at once, as is so while the page is slow to draw.
      await Promise.all([page.keyboard.press('Escape'), page.keyboard.press(key)]);
      await page.evaluate(nextFrames);
      expect(await dialog.count(), `${key} has opened it`).toBe(1);
    }
  });

  it('opens dialogs by keyboard, which keep the focus and give it back', async () => {
    onTestFinished(() => discardAll(running()));
    const ticketId = await prepare(running());
    let page: Page | null = null;
    let shown = '';
    for (const { user, path, opener, dialog, act } of dialogs(ticketId)) {
      if (`${user} ${path}` !== shown) ({ page } = await running().as(user, path));
      shown = `${user} ${path}`;
      await expectDialog(page!, opener, dialog, act);
    }
    const last = button(page!, 'What just happened');
    await last.focus();
    for (const [key, isOpen] of [['Enter', 'true'] as const, ['Space', 'false'] as const]) {
      await page!.keyboard.press(key);
      await until(async () => (await last.getAttribute('aria-expanded')) === isOpen);
    }
  });
}

/** Those after which a dialog has told that it was closed. */
const nextFrames = `new Promise((drawn) =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(drawn, 50))))`;

async function expectDialog(
  page: Page,
  opener: Case['opener'],
  title: Case['dialog'],
  act?: RegExp,
) {
  const opens = page.getByRole('button', { name: opener }).first();
  const dialog = page.getByRole('dialog', { name: title });
  for (const key of ['Enter', 'Space']) {
    await opens.focus();
    await page.keyboard.press(key);
    await dialog.waitFor();
    if (key === 'Enter') {
      await expectTrap(page, title);
      await expectAccessible(page);
    }
    if (act && key === 'Space') {
      await dialog.getByRole('button', { name: act }).press('Enter');
    } else await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await opens.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
  }
}

/** More than most of the dialogs have, and back over the begin of each. */
const around = [...Array(9).fill('Tab'), ...Array(3).fill('Shift+Tab')] as string[];

async function expectTrap(page: Page, title: Case['dialog']): Promise<void> {
  const stops: (Stop | null)[] = [];
  for (const key of around) {
    stops.push(await press(page, key));
    expect(await page.evaluate<boolean>(isInDialog), `${title} lets the focus out`).toBe(true);
  }
  expect(unfit(stops.filter((stop) => stop !== null))).toEqual([]);
}

/** From its end, the focus may go to the browser's own bars, but to nothing else of the page. */
const isInDialog = `document.activeElement === document.body ||
  document.activeElement.closest('dialog') !== null`;

/** Dead letters, and a ticket whose text can be revealed. */
async function prepare(running: RunningConsole): Promise<string> {
  await sendPastTheApi(running.system.settings, ['by-keyboard']);
  const body = { subject: 'By keyboard', message: 'The mouse is broken.' };
  const ticket = { user: 'alice', role: 'viewer', path: '/v1/tickets', body } as const;
  const { ticketId } = await post<{ ticketId: string }>(running, ticket);
  await until(async () => (await countLetters(running)) === 4);
  return ticketId;
}

async function discardAll(running: RunningConsole): Promise<void> {
  const body = { filter: { key: 'by-keyboard' }, reason: 'Sent past the API.' };
  await post(running, {
    ...({ user: 'olga', role: 'operator', path: '/v1/ops/jobs/discard', body } as const),
  });
  await until(async () => (await countLetters(running)) === 0);
}

async function countLetters({ queryApi, system }: RunningConsole): Promise<number> {
  const headers = await system.as('olga', 'operator');
  const path = 'GET /v1/ops/dead-letters?key=by-keyboard';
  return (await ask<{ count: number }>(queryApi.url, path, { headers })).body.count;
}
