/** The first of many items in an order, without sorting or keeping all of them. */
export class FirstOf<Item> {
  readonly items: Item[] = [];
  readonly #limit: number;
  readonly #compare: (one: Item, other: Item) => number;

  constructor(limit: number, compare: (one: Item, other: Item) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  add(item: Item): void {
    const { items } = this;
    let at = items.length;
    while (at > 0 && this.#compare(item, items[at - 1]!) < 0) at -= 1;
    if (at === this.#limit) return;
    items.splice(at, 0, item);
    if (items.length > this.#limit) items.pop();
  }
}
