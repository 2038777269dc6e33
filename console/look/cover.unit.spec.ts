import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Cover, type Covered } from './cover.tsx';

const drawn = (film: Covered) => renderToStaticMarkup(createElement(Cover, film));
const film = (number: number): Covered => ({
  ...{ movieId: `m${number}`, title: `Film ${number}`, year: 2016, genres: ['Drama'] },
});

describe('the cover of a film', () => {
  it('is the same whenever it is drawn', () => {
    const once = drawn(film(1));
    Array.from({ length: 10 }, (_, number) => drawn(film(number + 2)));
    expect(drawn(film(1))).toBe(once);
  });

  it('differs from that of any other film', () => {
    const covers = Array.from({ length: 100 }, (_, number) =>
      drawn(film(number)).replaceAll(/Film \d+/g, ''),
    );
    expect(new Set(covers).size).toBeGreaterThan(90);
  });

  it('has its shapes below a long title', () => {
    const title = 'Pirates of the Caribbean: At World’s End';
    expect(drawn(film(1))).toContain('translate(0 0)');
    expect(drawn({ ...film(1), title })).toMatch(/translate\(0 [3-6]\d\)/);
  });

  it('has colours of its genre', () => {
    const horror = drawn({ ...film(1), genres: ['Horror'] });
    expect(horror).toMatch(/#14110f|#4a4540/);
    expect(drawn(film(1))).not.toMatch(/#14110f|#4a4540/);
  });
});
