import { TextMap } from './text-map.ts';

/** The ids that other catalogues have for movies, and which members have them. */
export class ExternalIds {
  readonly #members = new TextMap<readonly number[]>();

  add(id: string | number | null | undefined, member: number): void {
    if (id === null || id === undefined) return;
    this.#members.set(String(id), [...this.of(id), member]);
  }

  remove(id: string | number | null | undefined, member: number): void {
    if (id === null || id === undefined) return;
    const left = this.of(id).filter((one) => one !== member);
    if (left.length > 0) this.#members.set(String(id), left);
    else this.#members.delete(String(id));
  }

  of(id: string | number): readonly number[] {
    return this.#members.get(String(id)) ?? [];
  }
}
