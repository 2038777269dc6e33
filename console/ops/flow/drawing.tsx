import { Link } from '@tanstack/react-router';
import { useLayoutEffect, useRef, useState } from 'react';
import { perSecond } from '../amounts.ts';
import css from './flow.module.css';
import { type Arrow, type Box, decides, flowAt, type Graph, saysOf } from './graph.ts';
import { type Layout, layoutOf, type Place, pathBack, pathOf } from './layout.ts';

type DrawingProps = { graph: Graph; lit: ReadonlySet<string>; passed: ReadonlySet<string> };

/** The system in one picture: boxes that lead to what they show, and arrows between them. */
export function Drawing({ graph, lit, passed }: DrawingProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(900);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => setWidth(element.clientWidth);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  const layout = layoutOf(graph.groups, width);
  const { places, titles, steps, height, isWide } = layout;
  return (
    <div ref={frame} className={css.drawing} style={{ height }}>
      {isWide && (
        // biome-ignore lint/a11y/useSemanticElements: SVG has no other element for a group.
        <svg width={width} height={height} role="group" aria-label="What goes along the arrows">
          {graph.arrows.map((arrow) => (
            <ArrowPath
              key={`${arrow.from} ${arrow.to}`}
              arrow={arrow}
              path={pathBetween(arrow, graph, layout)}
              isLit={lit.has(arrow.from) && lit.has(arrow.to)}
            />
          ))}
          {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus. */}
          <g aria-hidden="true">
            <Rates graph={graph} places={places} />
          </g>
        </svg>
      )}
      {steps.map(({ from, to, y }) => (
        <StepBelow key={from} graph={graph} from={from} to={to} y={y} />
      ))}
      {titles.map(({ id, title, x, y }) => (
        <h3 key={id} style={{ transform: `translate(${x}px, ${y}px)` }}>
          {title}
        </h3>
      ))}
      {graph.groups.flatMap(({ boxes }) =>
        boxes.map((box) => (
          <BoxLink
            key={box.id}
            box={box}
            place={places.get(box.id)}
            state={passed.has(box.id) ? 'passed' : lit.has(box.id) ? 'lit' : undefined}
          />
        )),
      )}
    </div>
  );
}

/** Commands of reactors go back to where commands are decided, below the last lane. */
function pathBetween({ from, to }: Arrow, { groups }: Graph, layout: Layout): string | null {
  const { places, wayBack } = layout;
  const [begin, end] = [places.get(from), places.get(to)];
  if (begin && end) return pathOf(begin, end);
  const last = to === decides && places.get(groups[0]?.boxes.at(-1)?.id ?? '');
  return begin && last && wayBack !== null ? pathBack(begin, last, wayBack) : null;
}

type ArrowPathProps = { arrow: Arrow; path: string | null; isLit: boolean };

/** A line, with a wider one over it that the pointer finds. */
const ArrowPath = ({ arrow, path, isLit }: ArrowPathProps) =>
  path && (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a group is not interactive.
    <g role="img" aria-label={saysOf(arrow)}>
      <title>{saysOf(arrow)}</title>
      <path
        d={path}
        data-moves={arrow.perSecond > 0}
        strokeWidth={widthOf(arrow.perSecond)}
        data-lit={isLit}
      />
      <path d={path} className={css.reach} />
    </g>
  );

/** From one a second to some thousands. */
const widthOf = (perSecondNow: number): number => 1 + Math.log10(1 + perSecondNow);

/** Numbers where arrows leave a lane, and where they meet at a topic or a view. */
function Rates({ graph, places }: { graph: Graph; places: ReadonlyMap<string, Place> }) {
  const ends = { writers: 'from', log: 'to', views: 'to' } as const;
  const boxes = Object.entries(ends).flatMap(([name, end]) =>
    (graph.groups.find(({ id }) => id === name)?.boxes ?? []).map(({ id }) => ({ id, end })),
  );
  return boxes.map(({ id, end }) => {
    const [place, rate] = [places.get(id), flowAt(graph.arrows, end, id)];
    if (!place || rate === 0) return null;
    const x = end === 'from' ? place.x + place.width + labelGap : place.x - labelGap;
    return (
      <text key={id} x={x} y={place.y + place.height / 2 - labelGap} data-end={end}>
        {perSecond(rate)}
      </text>
    );
  });
}

const labelGap = 4;

type StepProps = { graph: Graph; from: string; to: string; y: number };

/**
 * On a narrow screen: all that goes from a group to the one below it, and from there back. Behind
 * the log, each event counts once for each of its readers, so it is said how many these are.
 */
function StepBelow({ graph, from, to, y }: StepProps) {
  const below = idsOf(graph, to);
  const arrows = arrowsFrom(graph, from, (id) => below.has(id));
  const down = sumOf(arrows);
  const back = from === reactorsAmong ? sumOf(arrowsFrom(graph, from, isDeciding)) : null;
  const ends = new Set(arrows.map((arrow) => arrow.to)).size;
  const among: Readonly<Record<string, string>> = {
    log: ` at ${ends} readers`,
    views: ` of ${new Set(arrows.map((arrow) => arrow.from)).size} views${
      ends > 1 ? ` at ${ends} processes` : ''
    }`,
  };
  return (
    <p className={css.step} style={{ transform: `translateY(${y}px)` }}>
      <span data-moves={down > 0}>
        <i aria-hidden="true">↓</i> events {perSecond(down)}
        {among[from]}
      </span>
      {back !== null && (
        <span data-moves={back > 0}>
          <i aria-hidden="true">↑</i> commands of reactors {perSecond(back)}
        </span>
      )}
    </p>
  );
}

/** The group that has the reactors, beside the views. */
const reactorsAmong = 'views';

const idsOf = ({ groups }: Graph, group: string): ReadonlySet<string> =>
  new Set(groups.find(({ id }) => id === group)?.boxes.map(({ id }) => id));

const isDeciding = (id: string) => id === decides;

function arrowsFrom(graph: Graph, from: string, isEnd: (id: string) => boolean): Arrow[] {
  const begins = idsOf(graph, from);
  return graph.arrows.filter((arrow) => begins.has(arrow.from) && isEnd(arrow.to));
}

const sumOf = (arrows: readonly Arrow[]): number =>
  arrows.reduce((sum, arrow) => sum + arrow.perSecond, 0);

type BoxLinkProps = {
  box: Box;
  place: Place | undefined;
  state: 'passed' | 'lit' | undefined;
};

const BoxLink = ({ box: { label, says, tone, to, search }, place, state }: BoxLinkProps) =>
  place && (
    <Link
      to={to}
      {...(search && { search })}
      className={css.box}
      data-tone={tone}
      data-state={state}
      style={{
        ...{ width: place.width, height: place.height },
        transform: `translate(${place.x}px, ${place.y}px)`,
      }}
    >
      <strong>{label}</strong>
      <span>{says}</span>
    </Link>
  );
