// What a Kibana user does one after the other: looks at a dashboard, lets it refresh, clicks at a value to see less, types words into
// Discover, opens a field. Act `number` of a seed is the same whenever it is played, but for its time.
import { type Random, randomOf } from "../random.ts";
import {
  chartSearch,
  count,
  documentsSearch,
  fieldCaps,
  fieldSearch,
  panelSearch,
  type Searching,
  type UserRequest,
  type View,
} from "./requests.ts";
import type { Subject } from "./subject.ts";

export interface Seen {
  readonly subject: Subject;
  readonly index: string;
}

const HOUR_MS = 3_600_000;
const SPANS: readonly [number, ...number[]] = [24, 1, 6, 24 * 7, 0.25];

/** The requests of one act; those of one page go side by side. `now`: epoch ms. */
export function act(
  number: number,
  seed: number,
  seen: readonly [Seen, ...Seen[]],
  endpoint: Searching["endpoint"],
  now: number,
): readonly UserRequest[] {
  const random = randomOf(seed, number, 2);
  const { subject, index } = random.skewed(seen);
  const searching: Searching = {
    index,
    subject,
    endpoint,
    view: viewOf(random, subject, now),
    preference: String(1_700_000_000_000 + seed),
  };
  const roll = random.next();
  if (roll < 0.55) return subject.panels.map((panel) => panelSearch(searching, panel));
  if (roll < 0.85) return [fieldCaps(index), documentsSearch(searching), chartSearch(searching)];
  if (roll < 0.95) return [fieldSearch(searching, random.pick(subject.filters).field)];
  return [count(searching)];
}

function viewOf(random: Random, subject: Subject, now: number): View {
  // As Kibana rounds "now" when a page refreshes: to the second.
  const to = Math.ceil(now / 1_000) * 1_000;
  const span = random.skewed(SPANS) * HOUR_MS;
  const narrowed = random.chance(0.4) ? [random.pick(subject.filters)] : [];
  return {
    from: to - span,
    to,
    filters: narrowed.map(({ field, values }) => ({ field, value: random.skewed(values) })),
    words: random.chance(0.15) ? random.pick(subject.words) : "",
  };
}
