// Regular expressions as automata: what complements and intersections are worked out with. States are numbers; the alphabet is
// cut into classes of characters that the whole expression never tells apart.
import { LAST, type Range, type Regexp, RegexpProblem } from "./types.ts";

/** A deterministic automaton that knows every character in every state: `next[state][class]`. State 0 is the first. */
export interface Automaton {
  readonly next: readonly (readonly number[])[];
  readonly accepts: readonly boolean[];
}

/** First code points of the classes, in order. */
export type Alphabet = readonly number[];

// Elasticsearch gives up by a count of its own; far below it both go on.
const MOST_EFFORT = 20_000;
const MOST_STATES = 20_000;

/** The classes that an expression tells apart. */
export function alphabetOf(node: Regexp): Alphabet {
  const starts = new Set([0]);
  const visit = (each: Regexp): void => {
    if (each.kind === "set") {
      for (const [from, to] of each.ranges) {
        starts.add(from);
        if (to < LAST) starts.add(to + 1);
      }
    } else if (each.kind === "sequence" || each.kind === "choice") each.items.forEach(visit);
    else if (each.kind === "both") [each.left, each.right].forEach(visit);
    else visit(each.item);
  };
  visit(node);
  return [...starts].sort((a, b) => a - b);
}

/** The ranges of a class. */
export function rangeOf(alphabet: Alphabet, index: number): Range {
  return [alphabet[index] ?? 0, (alphabet[index + 1] ?? LAST + 1) - 1];
}

/** The automaton of an expression. Throws RegexpProblem where it grows too large. */
export function automatonOf(node: Regexp, alphabet: Alphabet): Automaton {
  const nfa = new Nfa(alphabet);
  const start = nfa.state();
  const end = nfa.state();
  nfa.add(node, start, end);
  return nfa.determinized(start, end);
}

class Nfa {
  readonly #alphabet: Alphabet;
  readonly #free: number[][] = [];
  readonly #steps: (readonly [classes: readonly number[], to: number])[][] = [];

  constructor(alphabet: Alphabet) {
    this.#alphabet = alphabet;
  }

  state(): number {
    if (this.#free.length > MOST_STATES) throw new RegexpProblem("unsupported", "the expression is too large to be worked out");
    this.#free.push([]);
    this.#steps.push([]);
    return this.#free.length - 1;
  }

  add(node: Regexp, from: number, to: number): void {
    switch (node.kind) {
      case "set":
        this.#steps[from]?.push([this.#classes(node.ranges), to]);
        return;
      case "sequence":
        this.#sequence(node.items, from, to);
        return;
      case "choice":
        for (const item of node.items) this.add(item, from, to);
        return;
      case "repeat":
        this.#repeat(node, from, to);
        return;
      case "complement": {
        const { next, accepts } = automatonOf(node.item, this.#alphabet);
        this.#insert({ next, accepts: accepts.map((accepted) => !accepted) }, from, to);
        return;
      }
      case "both":
        this.#insert(bothOf(automatonOf(node.left, this.#alphabet), automatonOf(node.right, this.#alphabet)), from, to);
        return;
      default:
        node satisfies never;
    }
  }

  #classes(ranges: readonly Range[]): readonly number[] {
    return this.#alphabet.flatMap((start, i) => (ranges.some(([from, to]) => start >= from && start <= to) ? [i] : []));
  }

  #sequence(items: readonly Regexp[], from: number, to: number): void {
    let at = from;
    for (const item of items) {
      const next = this.state();
      this.add(item, at, next);
      at = next;
    }
    this.#free[at]?.push(to);
  }

  #repeat({ item, least, most }: Extract<Regexp, { kind: "repeat" }>, from: number, to: number): void {
    let at = from;
    for (let i = 0; i < least; i += 1) at = this.#after(item, at);
    if (most === null) {
      const loop = this.state();
      this.#free[at]?.push(loop);
      this.#free[this.#after(item, loop)]?.push(loop);
      this.#free[loop]?.push(to);
      return;
    }
    this.#free[at]?.push(to);
    for (let i = least; i < most; i += 1) {
      at = this.#after(item, at);
      this.#free[at]?.push(to);
    }
  }

  #after(item: Regexp, from: number): number {
    const start = this.state();
    const end = this.state();
    this.#free[from]?.push(start);
    this.add(item, start, end);
    return end;
  }

  #insert({ next, accepts }: Automaton, from: number, to: number): void {
    const states = next.map(() => this.state());
    next.forEach((row, i) => {
      for (const [symbol, target] of row.entries()) this.#steps[states[i] ?? 0]?.push([[symbol], states[target] ?? 0]);
      if (accepts[i] === true) this.#free[states[i] ?? 0]?.push(to);
    });
    this.#free[from]?.push(states[0] ?? 0);
  }

  determinized(start: number, end: number): Automaton {
    const numbers = new Map<string, number>();
    const sets: (readonly number[])[] = [];
    let effort = 0;
    const numberOf = (states: readonly number[]): number => {
      const key = states.join(" ");
      const known = numbers.get(key);
      if (known !== undefined) return known;
      effort += states.length;
      if (effort > MOST_EFFORT) throw new RegexpProblem("unsupported", "the expression may be too complex for Elasticsearch");
      numbers.set(key, sets.length);
      sets.push(states);
      return sets.length - 1;
    };
    numberOf(this.#closed([start]));
    const next: number[][] = [];
    for (let i = 0; i < sets.length; i += 1) {
      const targets: number[][] = this.#alphabet.map(() => []);
      for (const state of sets[i] ?? []) {
        for (const [classes, to] of this.#steps[state] ?? []) for (const symbol of classes) targets[symbol]?.push(to);
      }
      next.push(targets.map((states) => numberOf(this.#closed(states))));
    }
    return minimal({ next, accepts: sets.map((states) => states.includes(end)) });
  }

  // Only states with steps matter, and the end: what is in between is left out.
  #closed(states: readonly number[]): readonly number[] {
    const seen = new Set(states);
    for (const state of seen) for (const free of this.#free[state] ?? []) seen.add(free);
    return [...seen].filter((state) => state === 1 || (this.#steps[state]?.length ?? 0) > 0).sort((a, b) => a - b);
  }
}

function bothOf(left: Automaton, right: Automaton): Automaton {
  const width = right.next.length;
  const next = left.next.flatMap((row) => right.next.map((other) => row.map((target, symbol) => target * width + (other[symbol] ?? 0))));
  if (next.length > MOST_STATES) throw new RegexpProblem("unsupported", "the expression is too large to be worked out");
  const accepts = left.accepts.flatMap((one) => right.accepts.map((other) => one && other));
  return minimal(reachable({ next, accepts }));
}

function reachable({ next, accepts }: Automaton): Automaton {
  const order = [0];
  const numbers = new Map([[0, 0]]);
  for (const state of order) {
    for (const target of next[state] ?? []) {
      if (numbers.has(target)) continue;
      numbers.set(target, order.length);
      order.push(target);
    }
  }
  return {
    next: order.map((state) => (next[state] ?? []).map((target) => numbers.get(target) ?? 0)),
    accepts: order.map((state) => accepts[state] === true),
  };
}

// States that no text tells apart become one: groups are split until none has two kinds of states.
function minimal({ next, accepts }: Automaton): Automaton {
  let groups: readonly number[] = accepts.map((accepted) => (accepted ? 1 : 0));
  for (let count = 0; ; ) {
    const names = new Map<string, number>();
    const split = groups.map((group, state) => {
      const key = `${group}:${(next[state] ?? []).map((target) => groups[target]).join(",")}`;
      const known = names.get(key) ?? names.size;
      names.set(key, known);
      return known;
    });
    groups = split;
    if (names.size === count) break;
    count = names.size;
  }
  const first = groups.flatMap((group, state) => (groups.indexOf(group) === state ? [state] : []));
  return reachable({
    next: first.map((state) => (next[state] ?? []).map((target) => groups[target] ?? 0)),
    accepts: first.map((state) => accepts[state] === true),
  });
}
