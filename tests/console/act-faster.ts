import { it } from 'vitest';
import { answerLate, button, hold, strip } from './browser.ts';
import type { RunningConsole } from './running-console.ts';

/** Viewers who do the next thing before the last one is answered. */
export function actFasterThanAnswers(
  sam: (path: string) => ReturnType<RunningConsole['as']>,
): void {
  it('have what they did last, however long what they did before is on its way', async () => {
    const { page } = await sam('#/movies/m3');
    const send = await hold(page, '**/v1/movies/m3/vote', { times: 1 });
    await button(page, 'Dislike Gamma: 0').click();
    await button(page, 'Dislike Gamma: 1').click();
    await button(page, 'Dislike Gamma: 0').waitFor();
    send();
    await strip(page).getByText('DELETE /v1/movies/m3/vote').waitFor();
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    const again = await sam('#/movies/m3');
    await button(again.page, 'Dislike Gamma: 0').waitFor();
  });

  it('see what they did last, also if what they did before is answered late', async () => {
    const { page } = await sam('#/movies/m3');
    const before = await answerLate(page, '**/v1/movies/m3');
    await button(page, 'Like Gamma: 0').click();
    await before.answered;
    const send = await hold(page, '**/v1/movies/m3/vote');
    await button(page, 'Like Gamma: 1').click();
    await button(page, 'What just happened').click();
    before.deliver();
    await strip(page).getByRole('listitem').nth(1).getByText('visible', { exact: true }).waitFor();
    await button(page, 'Like Gamma: 0').waitFor();
    send();
    await strip(page).getByRole('listitem').nth(0).getByText('visible', { exact: true }).waitFor();
    await button(page, 'Like Gamma: 0').waitFor();
  });
}
