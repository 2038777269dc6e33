import css from './cover.module.css';

/** A cover drawn from a film's title and genre: always the same for a film, and no two alike. */

type Palette = { ground: string; shape: string; second: string };

const paper = '#f8f0e0';
const ink = '#231a12';
const palettes: Record<string, Palette> = {
  Action: { ground: '#b3392a', shape: '#f0a04b', second: '#1f1a17' },
  Adventure: { ground: '#1f5d57', shape: '#e3b04b', second: '#d9694a' },
  Animation: { ground: '#2f6fb0', shape: '#ffd166', second: '#ef7b6c' },
  Biography: { ground: '#d8c7a5', shape: '#8c5a3c', second: '#2f2a25' },
  Comedy: { ground: '#f2b233', shape: '#e4572e', second: '#2e5266' },
  Crime: { ground: '#22262c', shape: '#c8a24a', second: '#7a1f24' },
  Drama: { ground: '#3a3350', shape: '#d98c6a', second: '#8f7aa8' },
  Family: { ground: '#86b7a5', shape: '#f6e3a1', second: '#e07a5f' },
  Fantasy: { ground: '#43356f', shape: '#b8a1e3', second: '#f2c14e' },
  History: { ground: '#6b4a2f', shape: '#d9b26f', second: '#2c2018' },
  Horror: { ground: '#14110f', shape: '#8f1d1d', second: '#4a4540' },
  Music: { ground: '#8b2f5e', shape: '#f4a3b5', second: '#f6c85f' },
  Mystery: { ground: '#1d3041', shape: '#5f8ea6', second: '#d9a441' },
  Romance: { ground: '#c9586b', shape: '#f6c6b3', second: '#7a2438' },
  'Sci-Fi': { ground: '#0f2740', shape: '#57b8c9', second: '#e86f51' },
  Sport: { ground: '#2f6b3c', shape: '#e8dc7a', second: '#163420' },
  Thriller: { ground: '#33413c', shape: '#c9d18a', second: '#b5482f' },
  War: { ground: '#55563a', shape: '#b7a36b', second: '#26261a' },
  Western: { ground: '#c4743a', shape: '#f0c88a', second: '#5b2b1a' },
};
const plain: Palette = { ground: '#4a4f57', shape: '#a9b1bc', second: '#d9a441' };

export type Covered = { movieId: string; title: string; year?: number | null; genres: string[] };

export function Cover({ movieId, title, year, genres }: Covered) {
  const random = randomFrom(`${movieId} ${title}`);
  const own = palettes[genres[0] ?? ''] ?? plain;
  const palette = random() < 0.6 ? own : { ...own, ground: own.second, second: own.ground };
  const { ground } = palette;
  const text = isDark(ground) ? paper : ink;
  const lines = linesOf(title);
  const size = sizeOf(lines);
  const baseline = (index: number) => topMargin + size * (0.78 + index * 1.06);
  const below = Math.max(0, baseline(lines.length - 1) - highestShape);
  const draw = motifs[Math.floor(random() * motifs.length)] ?? sunset;
  return (
    <svg className={css.cover} viewBox="0 0 200 300" aria-hidden="true">
      <rect width="200" height="300" fill={ground} />
      <g transform={`translate(0 ${below.toFixed(0)})`}>{draw(palette, random)}</g>
      <rect y="266" width="200" height="34" fill={ground} />
      <text fill={text} fontSize={size} className={css.title}>
        {lines.map((line, index) => (
          <tspan key={line} x="16" y={baseline(index)}>
            {line}
          </tspan>
        ))}
      </text>
      <text x="16" y="287" fill={text} className={css.small}>
        {year}
      </text>
      <text x="184" y="287" fill={text} textAnchor="end" className={css.small}>
        {genres[0]}
      </text>
    </svg>
  );
}

const topMargin = 22;
/** Under a title that goes down further, the shapes are drawn lower. */
const highestShape = 100;

type Random = () => number;
type Motif = (palette: Palette, random: Random) => React.ReactElement;

const sunset: Motif = ({ shape, second }, random) => {
  const x = 50 + random() * 100;
  const radius = 46 + random() * 26;
  return (
    <>
      <circle cx={x} cy="190" r={radius} fill={shape} />
      <path
        d={`M0 210 Q${60 + random() * 80} ${170 + random() * 30} 200 ${215}V300H0z`}
        fill={second}
      />
    </>
  );
};

const beam: Motif = ({ shape, second }, random) => {
  const y = 120 + random() * 60;
  return (
    <>
      <path d={`M0 ${y}L200 ${y + 20}V300L60 300z`} fill={shape} opacity="0.9" />
      <circle cx="0" cy={y + 30} r={30 + random() * 20} fill={second} />
    </>
  );
};

const rings: Motif = ({ shape, second }, random) => {
  const x = 60 + random() * 80;
  return (
    <>
      {[66, 50, 34, 18].map((radius, index) => (
        <circle key={radius} cx={x} cy="188" r={radius} fill={index % 2 ? second : shape} />
      ))}
    </>
  );
};

const towers: Motif = ({ shape, second }, random) => (
  <>
    <circle cx={150 - random() * 90} cy="150" r="26" fill={shape} />
    {[0, 34, 68, 102, 136, 170].map((x, index) => {
      const height = 50 + random() * 90;
      return (
        <rect
          key={x}
          x={x}
          y={300 - height}
          width="31"
          height={height}
          fill={index % 3 === 1 ? shape : second}
        />
      );
    })}
  </>
);

const waves: Motif = ({ shape, second }, random) => (
  <>
    {[0, 1, 2, 3].map((index) => {
      const y = 165 + index * 32;
      const lift = 14 + random() * 26;
      return (
        <path
          key={index}
          d={`M0 ${y}C50 ${y - lift} 90 ${y + lift} 130 ${y}S200 ${y - lift} 200 ${y}V300H0z`}
          fill={index % 2 ? second : shape}
          opacity={0.95 - index * 0.08}
        />
      );
    })}
  </>
);

const halves: Motif = ({ shape, second }, random) => {
  const turn = Math.floor(random() * 4) * 90;
  return (
    <g transform={`rotate(${turn} 100 195)`}>
      <path d="M30 195a70 70 0 0 1 140 0z" fill={shape} />
      <path d="M30 195a70 70 0 0 0 140 0z" fill={second} />
      <circle cx={70 + random() * 60} cy="195" r="18" fill={shape} />
    </g>
  );
};

const stripes: Motif = ({ shape, second }, random) => {
  const angle = -34 + random() * 22;
  return (
    <g transform={`rotate(${angle} 100 200)`}>
      {[0, 1, 2, 3, 4].map((index) => (
        <rect
          key={index}
          x="-80"
          y={160 + index * 26}
          width="400"
          height={6 + index * 3}
          fill={index === 2 ? second : shape}
        />
      ))}
    </g>
  );
};

const peaks: Motif = ({ shape, second }, random) => (
  <>
    <path d={`M-20 300L${50 + random() * 30} ${150 + random() * 30}L150 300z`} fill={shape} />
    <path d={`M60 300L${130 + random() * 40} ${180 + random() * 30}L240 300z`} fill={second} />
  </>
);

const motifs = [sunset, beam, rings, towers, waves, halves, stripes, peaks];

function isDark(colour: string): boolean {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    Number.parseInt(colour.slice(at, at + 2), 16),
  );
  return red * 0.3 + green * 0.59 + blue * 0.11 < 140;
}

/** Numbers from 0 to 1 that depend on the text alone (FNV-1a, then mulberry32). */
function randomFrom(text: string): Random {
  let seed = 0x811c9dc5;
  for (const character of text) seed = Math.imul(seed ^ character.charCodeAt(0), 0x01000193);
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const longestLine = 12;
const mostLines = 5;

function linesOf(title: string): string[] {
  const lines: string[] = [];
  for (const word of title.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= longestLine) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), `${lines[mostLines - 1]} …`];
}

/** The longest line fills the width, but a short title doesn't shout. */
function sizeOf(lines: readonly string[]): number {
  const longest = Math.max(...lines.map((line) => line.length), 5);
  return Math.min(30, Math.floor(168 / (longest * 0.56)));
}
