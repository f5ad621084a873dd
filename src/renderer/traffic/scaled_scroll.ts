// A scrollbar over more rows than an element can be high. The element is as high as its rows up to a bound; over more, its middle part
// stands for more than its own height, while both ends are as long as they are. Turning the wheel moves the rows as far as it says;
// dragging the scrollbar goes to the place that it stands for. CSS pixels throughout.

export const ROW = 28;
/** Firefox lays out nothing higher than 17.9 million, Chromium 33.5 (test/e2e/far_rows.test.ts). */
const HIGHEST = 15_000_000;
/** Not scaled at either end. */
const END = 500_000;
/** A share of a scrollbar: less is not to be seen of it. */
const SEEN = 0.002;
/** Screens: who moves farther at once has dragged the scrollbar. */
const DRAGGED = 4;

export class ScaledScroll {
  #rows = 0;
  #view = 0;
  /** Where the element is scrolled to. */
  #at = 0;
  #top = 0;

  /** Of the element's content. */
  get height(): number {
    return Math.min(this.#rows * ROW, HIGHEST);
  }

  /** The upper edge of what is in view, in a list as long as its rows. */
  get top(): number {
    return this.#top;
  }

  /** What lies at `y` of the list is drawn at `y - shift` of the element's content. */
  get shift(): number {
    return this.#top - this.#at;
  }

  /** How many rows there are, and how high the part in view is. */
  layOut(rows: number, view: number): void {
    this.#rows = rows;
    this.#view = view;
    this.goTo(this.#top);
  }

  /** The element was scrolled. */
  scrolled(at: number): void {
    const moved = at - this.#at;
    this.#at = at;
    if (moved === 0) return;
    this.goTo(Math.abs(moved) > DRAGGED * this.#view ? this.#placeOf(at) : this.#top + moved);
  }

  goTo(top: number): void {
    this.#top = Math.max(0, Math.min(top, this.#farthest().top));
  }

  /** Where the scrollbar says the truth about what is in view. */
  get truth(): number {
    return scale(this.#top, this.#farthest().top, this.#farthest().at);
  }

  /** Whether the element can't be scrolled on although there are rows, or not as far as it is. */
  get isStuck(): boolean {
    const { at, top } = this.#farthest();
    return (this.#at <= 0 && this.#top > 0) || (this.#at >= at - 1 && this.#top < top - 1) || this.#at > at;
  }

  /** Whether the scrollbar stands elsewhere than it should, to be seen. */
  get isFarOff(): boolean {
    return Math.abs(this.truth - this.#at) > this.height * SEEN;
  }

  /** The element was put there: what is in view stays. */
  put(at: number): void {
    this.#at = at;
  }

  #placeOf(at: number): number {
    return scale(at, this.#farthest().at, this.#farthest().top);
  }

  #farthest(): { readonly at: number; readonly top: number } {
    return { at: Math.max(0, this.height - this.#view), top: Math.max(0, this.#rows * ROW - this.#view) };
  }
}

/** A place between 0 and `from` as one between 0 and `to`: the same near the ends, in proportion between. */
function scale(place: number, from: number, to: number): number {
  if (from === to || place <= END) return Math.min(place, to);
  if (place >= from - END) return to - (from - place);
  return END + ((place - END) / (from - 2 * END)) * (to - 2 * END);
}
