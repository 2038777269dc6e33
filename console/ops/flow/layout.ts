/** Where each box of the flow stands: in columns from left to right, or one group below another. */

export type Group = { id: string; title: string; boxes: readonly { id: string }[] };
export type Place = { x: number; y: number; width: number; height: number };
export type Layout = {
  isWide: boolean;
  height: number;
  /** Where what goes back from right to left passes below everything; null without columns. */
  wayBack: number | null;
  titles: readonly { id: string; title: string; x: number; y: number }[];
  /** Where something is said of what goes from one group to the next; none between columns. */
  steps: readonly { from: string; to: string; y: number }[];
  places: ReadonlyMap<string, Place>;
};

const wideFrom = 700;
const boxHeight = 44;
const gap = 8;
const titleHeight = 26;
const roomBelow = 20;
const stepHeight = 46;

export const layoutOf = (groups: readonly Group[], width: number): Layout =>
  width >= wideFrom ? inColumns(groups, width) : below(groups, width);

function inColumns(groups: readonly Group[], width: number): Layout {
  const between = Math.max(48, width * 0.075);
  const columnWidth = (width - between * (groups.length - 1)) / groups.length;
  const heightOf = ({ boxes }: Group) => boxes.length * (boxHeight + gap) - gap;
  const tallest = Math.max(...groups.map(heightOf));
  const places = new Map<string, Place>();
  const titles = groups.map((group, column) => {
    const x = column * (columnWidth + between);
    const begin = titleHeight + (tallest - heightOf(group)) / 2;
    for (const [row, { id }] of group.boxes.entries()) {
      const y = begin + row * (boxHeight + gap);
      places.set(id, { x, y, width: columnWidth, height: boxHeight });
    }
    return { id: group.id, title: group.title, x, y: begin - titleHeight };
  });
  const wayBack = titleHeight + tallest + roomBelow;
  return { isWide: true, height: wayBack + gap, wayBack, titles, steps: [], places };
}

function below(groups: readonly Group[], width: number): Layout {
  const columnWidth = (width - gap) / 2;
  const places = new Map<string, Place>();
  const steps: { from: string; to: string; y: number }[] = [];
  let y = 0;
  const titles = groups.map((group, index) => {
    const title = { id: group.id, title: group.title, x: 0, y };
    y += titleHeight;
    for (const [at, { id }] of group.boxes.entries()) {
      const row = Math.floor(at / 2);
      const place = { x: (at % 2) * (columnWidth + gap), y: y + row * (boxHeight + gap) };
      places.set(id, { ...place, width: columnWidth, height: boxHeight });
    }
    y += Math.ceil(group.boxes.length / 2) * (boxHeight + gap);
    const next = groups[index + 1];
    if (next) steps.push({ from: group.id, to: next.id, y });
    y += stepHeight;
    return title;
  });
  return { isWide: false, height: y - stepHeight, wayBack: null, titles, steps, places };
}

/** A curve from the right of one box to the left of another. */
export function pathOf(from: Place, to: Place): string {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}

const aside = 10;

/** From the right of one box below everything back to a box on the left, with a head. */
export function pathBack(from: Place, to: Place, below: number): string {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x + to.width / 2, to.y + to.height];
  return `M${x1} ${y1}h${aside}V${below}H${x2}V${y2}m-4 6l4-6l4 6`;
}
