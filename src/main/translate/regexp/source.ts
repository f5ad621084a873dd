// Expressions as RE2 and JavaScript write them. What has no operator there, complements and intersections, is written as its
// automaton says, state by state taken out.
import { type Alphabet, type Automaton, alphabetOf, automatonOf, rangeOf } from "./automaton.ts";
import { outside, type Range, type Regexp, RegexpProblem, setOf } from "./types.ts";

const MOST_REPEATS = 1000;
const MOST_LENGTH = 60_000;

/** The expression's source, not anchored; `.` must take newlines. Throws RegexpProblem where it would be too large. */
export function sourceOf(node: Regexp): string {
  const alphabet = alphabetOf(node);
  // Worked out even where it is written as it is: an expression that is too complex is refused.
  const automaton = automatonOf(node, alphabet);
  if (hasOperator(node)) return automatonSource(automaton, alphabet);
  return written(node);
}

function hasOperator(node: Regexp): boolean {
  switch (node.kind) {
    case "set":
      return false;
    case "sequence":
    case "choice":
      return node.items.some(hasOperator);
    case "repeat":
      return hasOperator(node.item);
    default:
      return true;
  }
}

const NOTHING = "[^\\s\\S]";

function written(node: Regexp): string {
  switch (node.kind) {
    case "set":
      return setSource(node.ranges);
    case "sequence":
      return node.items.map((item) => (item.kind === "choice" ? `(?:${written(item)})` : written(item))).join("");
    case "choice":
      return node.items.length === 0 ? NOTHING : node.items.map(written).join("|");
    case "repeat":
      return repeated(node);
    default:
      throw new Error(`no source for a ${node.kind}`);
  }
}

function repeated({ item, least, most }: Extract<Regexp, { kind: "repeat" }>): string {
  if (Math.max(least, most ?? 0) > MOST_REPEATS) throw new RegexpProblem("unsupported", `more than ${MOST_REPEATS} repeats have no SQL`);
  const inner = grouped(written(item));
  if (least === 1 && most === 1) return inner;
  if (most === null) return least === 0 ? `${inner}*` : least === 1 ? `${inner}+` : `${inner}{${least},}`;
  return least === 0 && most === 1 ? `${inner}?` : `${inner}{${least === most ? least : `${least},${most}`}}`;
}

function setSource(ranges: readonly Range[]): string {
  const [first] = ranges;
  if (first === undefined) return NOTHING;
  if (ranges.length === 1 && first[0] === first[1]) return quoted(first[0]);
  if (first[0] > 0) return `[${ranges.map(rangeSource).join("")}]`;
  const others = outside(ranges);
  return others.length === 0 ? "." : `[^${others.map(rangeSource).join("")}]`;
}

function rangeSource([from, to]: Range): string {
  return from === to ? inClass(from) : `${inClass(from)}${to === from + 1 ? "" : "-"}${inClass(to)}`;
}

function quoted(code: number): string {
  const char = String.fromCodePoint(code);
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}

// JavaScript lets a hyphen be escaped in a class alone.
function inClass(code: number): string {
  return code === 45 ? "\\-" : quoted(code);
}

type Arrows = Map<number, Map<number, string>>;

// Kleene's way: each state is taken out, and every way through it written on the arrows around it.
function automatonSource(automaton: Automaton, alphabet: Alphabet): string {
  const count = automaton.next.length;
  const [start, end] = [count, count + 1];
  const arrows = arrowsOf(automaton, alphabet, start, end);
  const left = new Set(automaton.next.keys());
  while (left.size > 0) {
    const state = cheapest(left, arrows);
    left.delete(state);
    takeOut(state, arrows);
  }
  const source = arrows.get(start)?.get(end) ?? NOTHING;
  if (source.length > MOST_LENGTH) throw new RegexpProblem("unsupported", "the expression is too large to be written for ClickHouse");
  return source;
}

function arrowsOf({ next, accepts }: Automaton, alphabet: Alphabet, start: number, end: number): Arrows {
  const arrows: Arrows = new Map([
    [start, new Map([[0, ""]])],
    [end, new Map()],
  ]);
  next.forEach((row, state) => {
    const ranges = new Map<number, Range[]>();
    for (const [symbol, target] of row.entries()) ranges.set(target, [...(ranges.get(target) ?? []), rangeOf(alphabet, symbol)]);
    const own = new Map<number, string>();
    for (const [target, list] of ranges) {
      const set = setOf(list);
      if (set.kind === "set") own.set(target, setSource(set.ranges));
    }
    if (accepts[state] === true) own.set(end, "");
    arrows.set(state, own);
  });
  return arrows;
}

function cheapest(states: ReadonlySet<number>, arrows: Arrows): number {
  let [best, least] = [-1, Number.POSITIVE_INFINITY];
  for (const state of states) {
    const out = [...(arrows.get(state) ?? [])].reduce((sum, [, source]) => sum + source.length + 1, 0);
    let into = 0;
    for (const own of arrows.values()) if (own.has(state)) into += (own.get(state) ?? "").length + 1;
    if (into * out < least) [best, least] = [state, into * out];
  }
  return best;
}

function takeOut(state: number, arrows: Arrows): void {
  const own = arrows.get(state) ?? new Map<number, string>();
  const loop = own.get(state);
  const around = loop === undefined ? "" : `${grouped(loop)}*`;
  arrows.delete(state);
  let length = 0;
  for (const others of arrows.values()) {
    const into = others.get(state);
    if (into === undefined) continue;
    others.delete(state);
    for (const [target, out] of own) {
      if (target === state) continue;
      const way = `${inSequence(into)}${around}${inSequence(out)}`;
      const known = others.get(target);
      const whole = known === undefined ? way : known === way ? way : `${known}|${way}`;
      others.set(target, whole);
      length += whole.length;
    }
  }
  if (length > MOST_LENGTH * 4) throw new RegexpProblem("unsupported", "the expression is too large to be written for ClickHouse");
}

function inSequence(source: string): string {
  return source.includes("|") ? `(?:${source})` : source;
}

// What is repeated stands by itself. A character past ASCII is put in a group: ClickHouse, which looks for a text that must be
// there before it asks RE2, would take the last byte of it alone for what is repeated.
function grouped(source: string): string {
  return /^(?:\[[^[\]\\]*\]|\\?[ -~])$/su.test(source) ? source : `(?:${source})`;
}
