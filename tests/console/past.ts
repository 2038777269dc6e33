import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { button, expectAccessible } from './browser.ts';

/** Finding something in a past that is too long to be read. */

type Tools = {
  at(path: string): Promise<{ page: Page }>;
  /** @returns how many events the vote's stream has then. */
  vote(user: string, movieId: string, wanted: string): Promise<number>;
};

const slowly = { timeout: 120_000 };
const votes = 620;
const atOnce = 60;
const stream = 'ranking/m2/dora';

/**
 * As many votes as no page reads at once. In whichever order those arrive that are sent together: a
 * vote that changes nothing makes no event, so likes and dislikes take turns in the stream.
 */
async function voteOften({ vote }: Tools): Promise<void> {
  let stored = await vote('dora', 'm2', 'like');
  while (stored < votes) {
    const some = Array.from({ length: Math.min(atOnce, votes - stored) }, (_, at) =>
      vote('dora', 'm2', (stored + at) % 2 ? 'dislike' : 'like'),
    );
    stored = Math.max(...(await Promise.all(some)));
  }
}

const says = (page: Page, region: string, text: string) =>
  page.getByRole('region', { name: region, exact: true }).getByText(text).waitFor();

export function findLongPast(tools: Tools): void {
  const { at } = tools;

  it('reach both ends of a long stream, with the state after each event', slowly, async () => {
    await voteOften(tools);
    const { page } = await at(`#/ops/streams?stream=${stream}`);
    await page.getByRole('heading', { name: `${votes} events` }).waitFor();
    await says(page, `The state after event ${votes}`, 'vote (changed) "dislike"');
    expect(await page.getByRole('option').count()).toBeLessThan(100);
    await page.getByRole('listbox').press('Home');
    await says(page, 'The state after event 1', 'vote (changed) "like"');
    await page.getByRole('option', { selected: true }).getByText('VoteCast').waitFor();
    await page.getByRole('listbox').press('PageDown');
    await says(page, 'The state after event 16', 'vote (changed) "dislike"');
    await expectAccessible(page);
  });

  it('come to the events of an id from everywhere', async () => {
    const { page } = await at('');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill(stream);
    await page.getByRole('option', { name: `The events of stream ${stream}` }).click();
    await page.getByRole('heading', { level: 1, name: `Stream ${stream}` }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('user:dora');
    await page.getByRole('option', { name: 'The past of user dora' }).click();
    await page.getByRole('heading', { level: 1, name: 'Time machine' }).waitFor();
    expect(page.url()).toContain('user=dora');
    const request = randomUUID();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill(request);
    await page.getByRole('option', { name: `The trace of ${request}` }).click();
    await page.getByText('No event has this correlation').waitFor();
  });

  readAll(tools);
}

function readAll({ at }: Tools): void {
  it('read all events of somebody, from the first or from the newest on', async () => {
    const { page } = await at('#/ops/streams?user=dora');
    const lines = page.getByRole('main').locator('ol > li');
    await page.getByText('and more as you scroll').waitFor();
    const first = await lines.first().textContent();
    await until(async () => {
      await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
      return page.getByRole('heading', { name: `${votes} events` }).isVisible();
    });
    expect(await lines.count()).toBeLessThan(100);
    await page.getByRole('button', { name: 'Newest first' }).click();
    await page.getByText(/^The newest \d+ events/).waitFor();
    await page.evaluate('window.scrollTo(0, 0)');
    await until(async () => (await lines.first().textContent()) !== first);
    expect(page.url()).toContain('order=newest');
    await expectAccessible(page);
    await page.getByLabel('Filter', { exact: true }).fill('movie:m2 type:MovieAdded');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Movie m2' }).waitFor();
    await until(async () => {
      const texts = await lines.allTextContents();
      return texts.length === 1 && texts.every((text) => text.includes('MovieAdded'));
    });
    await page.getByLabel('Filter', { exact: true }).fill('movie:m2');
    await page.keyboard.press('Enter');
    const streams = page.getByRole('region', { name: /^\d+ streams$/ });
    await streams.getByRole('link', { name: stream }).waitFor();
  });
}

export function dragThroughLongPast(tools: Tools): void {
  dragBoth(tools);
  const { at } = tools;
  it('find a vote in a long log by dragging, first coarsely, then event by event', async () => {
    const { page } = await at('#/ops/time');
    await page.getByRole('heading', { name: 'The whole of the log' }).waitFor();
    await page.getByRole('slider', { name: 'Moment' }).press('Home');
    await page.getByText('MovieAdded').first().waitFor();
    await until(async () => /at=2/.test(page.url()));
    await page.getByRole('slider', { name: 'Event nearby' }).press('ArrowRight');
    await until(async () => /event=/.test(page.url()));
    await expectAccessible(page);
    await button(page, 'Closer').click();
    await page.getByRole('heading', { name: 'A part of the log' }).waitFor();
    await until(async () => /begin=2.*end=2/.test(page.url()));
    await button(page, 'All of it').click();
    await page.getByRole('heading', { name: 'The whole of the log' }).waitFor();
    const { page: other } = await at(`#/ops/time?user=dora`);
    await other.getByRole('slider', { name: 'Moment' }).press('Home');
    // The order of votes of one millisecond differs, so what is shown tells nothing yet.
    await until(async () => /at=2/.test(other.url()));
    await says(other, `Then: the newest event of ${stream}`, 'vote (changed) "like"');
    await says(other, `Now: the newest event of ${stream}`, 'vote (changed) "dislike"');
    const nearby = other.getByRole('slider', { name: 'Event nearby' });
    // Beyond what was read at first: more is read as one comes near to the end.
    for (const more of [60, 110]) {
      await until(async () => {
        await nearby.press('End');
        return Number(await nearby.getAttribute('max')) > more;
      });
    }
    // Or beyond its begin, as one comes from the newest of all.
    const { page: newest } = await at('#/ops/time?user=dora');
    const nearNewest = newest.getByRole('slider', { name: 'Event nearby' });
    await until(async () => {
      await nearNewest.press('Home');
      return Number(await nearNewest.getAttribute('max')) > 60;
    });
  });
}

/** What hands do within two frames. @returns the moment that the first slider shows in between. */
const atOneGo = (page: Page, first: string, second = '') =>
  page.evaluate<string>(`(async () => {
    const slider = (label) => document.querySelector('input[aria-label="' + label + '"]');
    const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
    const move = (label, to) => {
      value.set.call(slider(label), to);
      slider(label).dispatchEvent(new Event('input', { bubbles: true }));
    };
    const press = (name) =>
      [...document.querySelectorAll('button')].find((one) => one.textContent === name).click();
    ${first}
    await new Promise(requestAnimationFrame);
    const shown = slider('Moment').getAttribute('aria-valuetext');
    ${second}
    return shown;
  })()`);

function dragBoth({ at }: Tools): void {
  it('keep the moment that they drag to, whatever they move before it rests', async () => {
    const { page } = await at('#/ops/time?user=dora');
    const nearby = page.getByRole('slider', { name: 'Event nearby' });
    const search = () => new URLSearchParams(page.url().split('?')[1]);
    await nearby.waitFor();
    const first = await atOneGo(page, "move('Moment', 0); move('Event nearby', 3);");
    await until(async () => search().get('at') === first && (await nearby.inputValue()) === '0');
    expect(search().get('event')).toBe(null);
    const other = await atOneGo(page, "move('Event nearby', 3);", "move('Moment', 9);");
    expect(other).toBe(first);
    const later = await page.getByRole('slider', { name: 'Moment' }).getAttribute('aria-valuetext');
    await until(async () => search().get('at') === later && search().get('event') === null);
    const last = await atOneGo(page, "move('Moment', 5);", "press('Closer');");
    await until(async () => search().has('begin') && search().get('at') === last);
  });
}
