import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

const own = new URL('./garbage.ts', import.meta.url);

/** Most of these objects survive some collections, as those of requests that wait. */
const waiting = `
  class Answer { constructor(id) { Object.assign(this, { id, headers: ['a' + id, 'b' + id] }); } }
  let all = [];
  for (let id = 0; id < 500_000; id += 1) {
    all.push(new Answer(id));
    if (all.length > 100_000) all = all.slice(50_000);
  }`;

/** What V8 says of the kinds of objects that it may make in the old generation. */
const saidOfKinds = (before = '') => {
  const traced = ['--trace-pretenuring-statistics', '--input-type=module'];
  const said = execFileSync(process.execPath, [...traced, '--eval', before + waiting]);
  return said.toString().match(/pretenuring:.*/g);
};

it('makes no objects old before they are, however many of their kind survive', () => {
  expect(saidOfKinds()).not.toBeNull();
  const kept = `import { disablePretenuring } from '${own}'; disablePretenuring();`;
  expect(saidOfKinds(kept)).toBeNull();
});
