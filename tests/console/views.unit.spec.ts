import { expect, it } from 'vitest';
import { folded, viewsOf } from '../../console/system/views.ts';
import { projections } from '../../projectors/projections.ts';

const sent = new Set(Object.values(folded).flat());

it('the views of the console’s events are those that fold them', () => {
  for (const type of sent) {
    const folding = projections.filter(({ when }) => type in when).map(({ view }) => view.name);
    expect(viewsOf([type]).sort(), type).toEqual(folding.sort());
  }
});
