import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { init } from 'echarts';
import type { Target } from './results.ts';

/** A measured value and its target. */
export type Bar = {
  name: string;
  value: number;
  /** Follows the value, such as ' ms'. */
  unit?: string;
} & ({ atLeast: number } | { atMost: number });

const met = '#2f6fb3';
const missed = '#c8642b';
const ink = '#24292f';
const faint = '#57606a';
const rowHeight = 36;
/** Bars are cut at so many times the target; the numbers beside them show the value. */
const longest = 2;

/** How many times as good as the target the value is. */
function timesTarget(bar: Bar): number {
  if ('atLeast' in bar) return bar.value / bar.atLeast;
  return bar.value === 0 ? Number.POSITIVE_INFINITY : bar.atMost / bar.value;
}

const measuredOf = ({ value, unit = '' }: Bar): string => `${value}${unit}`;

const wantedOf = (bar: Bar): string =>
  ('atLeast' in bar ? `≥ ${bar.atLeast}` : `≤ ${bar.atMost}`) + (bar.unit ?? '');

/** The bar as a line of the results. */
export const targetOf = (bar: Bar): Target => ({
  what: bar.name,
  wanted: wantedOf(bar),
  measured: bar.value,
  met: timesTarget(bar) >= 1,
});

/**
 * An SVG with a bar for each value; the bar's length is the value divided by its target, and one
 * line marks all targets. The SVG has its own background, so that it is readable on any page.
 */
export function chart(title: string, bars: readonly Bar[]): string {
  const drawn = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: 900,
    height: 84 + bars.length * rowHeight,
  });
  try {
    drawn.setOption({
      animation: false,
      backgroundColor: '#ffffff',
      textStyle: { fontFamily: 'system-ui, sans-serif' },
      title: {
        text: title,
        left: 16,
        top: 12,
        textStyle: { color: ink, fontSize: 16 },
      },
      grid: { left: 352, right: 196, top: 60, bottom: 16 },
      xAxis: { type: 'value', min: 0, max: longest, show: false },
      yAxis: [namesOf(bars), numbersOf(bars)],
      series: [seriesOf(bars)],
    });
    // Screen readers read the title; browsers show it as a tooltip.
    return drawn.renderToSVGString().replace('>', ` role="img"><title>${title}</title>`);
  } finally {
    drawn.dispose();
  }
}

const plain = {
  type: 'category',
  inverse: true,
  axisLine: { show: false },
  axisTick: { show: false },
} as const;

const namesOf = (bars: readonly Bar[]) => ({
  ...plain,
  data: bars.map(({ name }) => name),
  axisLabel: { color: ink, fontSize: 13, width: 330, overflow: 'break' as const },
});

/** The column of numbers to the right of the bars. */
const numbersOf = (bars: readonly Bar[]) => ({
  ...plain,
  position: 'right' as const,
  data: bars.map((bar) => `{value|${measuredOf(bar)}}{wanted|${wantedOf(bar)}}`),
  axisLabel: {
    rich: {
      value: { color: ink, fontSize: 13, fontWeight: 'bold' as const, width: 84 },
      wanted: { color: faint, fontSize: 12 },
    },
  },
});

const seriesOf = (bars: readonly Bar[]) => ({
  type: 'bar' as const,
  silent: true,
  emphasis: { disabled: true },
  barWidth: 18,
  data: bars.map((bar) => ({
    value: Math.min(longest, timesTarget(bar)),
    itemStyle: { color: timesTarget(bar) >= 1 ? met : missed, borderRadius: 2 },
  })),
  markLine: {
    silent: true,
    symbol: 'none',
    lineStyle: { color: faint, type: 'dashed' as const, width: 1 },
    label: { formatter: 'target', color: faint, position: 'start' as const, rotate: 0 },
    data: [{ xAxis: 1 }],
  },
});

/** Writes the chart beside the results of the same name. */
export async function writeChart(name: string, title: string, bars: readonly Bar[]): Promise<void> {
  const folder = join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.svg`), `${chart(title, bars)}\n`);
}
