// A measure for each of the most used names, and one for all others: however many names come, so many are kept. A name that comes when all
// places are taken takes the place of the least used one.
import type { Measure, Top } from "../../shared/statistics.ts";
import { Measuring } from "./measure.ts";

interface Entry<T> {
  readonly about: T;
  readonly measuring: Measuring;
}

/** `T`: what is said of a name beside its measure. */
export class TopMeasures<T extends { readonly name: string }> {
  readonly #places: number;
  readonly #entries = new Map<string, Entry<T>>();
  #other: Measuring | null = null;

  constructor(places: number) {
    this.#places = places;
  }

  add(about: T, status: number, ms: number | null): void {
    const known = this.#entries.get(about.name);
    if (known !== undefined) {
      known.measuring.add(status, ms);
      return;
    }
    if (this.#entries.size >= this.#places) this.#evict();
    const measuring = new Measuring();
    measuring.add(status, ms);
    this.#entries.set(about.name, { about, measuring });
  }

  /** The most used first, at most `most`; the rest is folded into `other`. */
  read(most: number): Top<T & Measure> {
    const sorted = [...this.#entries.values()].toSorted(
      (a, b) => b.measuring.count - a.measuring.count || (a.about.name < b.about.name ? -1 : 1),
    );
    const rest = sorted.slice(most);
    if (rest.length === 0 && this.#other === null) return { top: sorted.map(read), other: null };
    const other = new Measuring();
    if (this.#other !== null) other.fold(this.#other);
    for (const { measuring } of rest) other.fold(measuring);
    return { top: sorted.slice(0, most).map(read), other: other.read() };
  }

  #evict(): void {
    let least: Entry<T> | undefined;
    for (const entry of this.#entries.values()) if (least === undefined || entry.measuring.count < least.measuring.count) least = entry;
    if (least === undefined) return;
    this.#entries.delete(least.about.name);
    this.#other ??= new Measuring();
    this.#other.fold(least.measuring);
  }
}

function read<T>({ about, measuring }: Entry<T>): T & Measure {
  return { ...about, ...measuring.read() };
}
