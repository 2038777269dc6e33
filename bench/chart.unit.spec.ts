import { describe, expect, it } from 'vitest';
import { type Bar, chart, targetOf } from './chart.ts';

const fast: Bar = { name: 'fast', value: 9, atLeast: 8 };
const late: Bar = { name: 'late', value: 30, unit: ' ms', atMost: 20 };
const far: Bar = { name: 'far', value: 5_000, atLeast: 1 };

describe('a target', () => {
  it('is met from its bound on, upwards or downwards', () => {
    expect(targetOf(fast)).toEqual({ what: 'fast', wanted: '≥ 8', measured: 9, met: true });
    expect(targetOf(late)).toEqual({ what: 'late', wanted: '≤ 20 ms', measured: 30, met: false });
    expect(targetOf({ name: 'just', value: 8, atLeast: 8 }).met).toBe(true);
    expect(targetOf({ name: 'just', value: 8, atMost: 8 }).met).toBe(true);
    expect(targetOf({ name: 'none', value: 0, atMost: 0 }).met).toBe(true);
    expect(targetOf({ name: 'some', value: 1, atMost: 0 }).met).toBe(false);
  });
});

describe('the chart', () => {
  const svg = chart('What was measured', [fast, late, far]);
  const texts = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  /** The right ends of the bars, from top to bottom, and the position of the target line. */
  const paths = [...svg.matchAll(/<path d="([^"]*)" fill="(#[0-9a-f]{6}|none)"/g)];
  const ends = paths.map(([, d]) =>
    Math.max(...[...d!.matchAll(/([\d.]+) [\d.]+/g)].map(([, x]) => Number(x))),
  );
  const [fastEnd, lateEnd, farEnd, target] = ends as [number, number, number, number];

  it('shows the measured values and the targets', () => {
    expect(texts).toEqual(
      expect.arrayContaining(['What was measured', 'fast', '9', '≥ 8', 'late', '30 ms', '≤ 20 ms']),
    );
  });

  it('has bars that reach the target line if their target is met', () => {
    expect(fastEnd).toBeGreaterThan(target);
    expect(lateEnd).toBeLessThan(target);
    expect(paths[0]![2]).not.toBe(paths[1]![2]);
    expect(paths[2]![2]).toBe(paths[0]![2]);
  });

  it('cuts a bar that is longer than the chart is wide', () => {
    expect(farEnd).toBeGreaterThan(fastEnd);
    expect(farEnd).toBeLessThan(900);
  });

  it('has a title for screen readers', () => {
    expect(svg).toMatch(/^<svg [^>]*role="img"><title>What was measured<\/title>/);
  });

  it('has a background of its own', () => {
    expect(svg).toMatch(/<rect width="900" height="\d+" x="0" y="0" fill="#ffffff">/);
  });
});
