import css from './ops.module.css';

type Point = { at: string; value: number };

const [width, height] = [120, 24];

/** A line of the last quarter of an hour, without scales: its shape is what counts. */
export function Spark({ points, label }: { points: readonly Point[]; label: string }) {
  const line = lineOf(points);
  return (
    <svg className={css.spark} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <path data-part="track" d={`M0 ${height - 1}H${width}`} />
      {line && (
        <>
          <path data-part="ground" d={`${line.path}V${height}H${line.begin}Z`} />
          <path d={line.path} />
        </>
      )}
    </svg>
  );
}

const spanMs = 15 * 60_000;

function lineOf(points: readonly Point[]): { path: string; begin: number } | null {
  const last = points.at(-1);
  if (!last || points.length < 2) return null;
  const until = Date.parse(last.at);
  const most = Math.max(1, ...points.map(({ value }) => value));
  const places = points.map(({ at, value }) => {
    const x = width - ((until - Date.parse(at)) / spanMs) * width;
    const y = height - 1 - (value / most) * (height - 2);
    return [Math.max(0, x).toFixed(1), y.toFixed(1)] as const;
  });
  const path = places.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  return { path, begin: Number(places[0]?.[0] ?? 0) };
}
