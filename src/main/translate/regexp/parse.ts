// The syntax of Lucene's regular expressions. `^` and `$` are letters, an operator where none can stand is a letter too
// (`*a`, `|a`), `a+?` is an optional `a+`, and `~`, `&`, `<1-9>`, `@`, `#` and `"…"` are operators.
import { decimals } from "./decimals.ts";
import { ANY_CHARACTER, outside, type Range, type Regexp, RegexpProblem, setOf } from "./types.ts";

/** Which operators are on. */
export interface Operators {
  readonly complement: boolean;
  readonly interval: boolean;
  readonly intersection: boolean;
  readonly anyString: boolean;
  readonly empty: boolean;
  /** `<name>` is an automaton of a name, of which there are none: without it it is an error of syntax. */
  readonly named: boolean;
  readonly folded: boolean;
}

/** Parses an expression. Throws RegexpProblem. */
export function parseRegexp(text: string, operators: Operators): Regexp {
  if (text === "") return EMPTY;
  const parser = new Parser([...text], operators);
  const node = parser.choice();
  if (!parser.atEnd()) throw new RegexpProblem("refused", `end-of-string expected at position ${parser.at}`);
  return node;
}

const EMPTY: Regexp = Object.freeze({ kind: "sequence", items: [] });
const DIGITS: readonly Range[] = [[48, 57]];
const WORDS: readonly Range[] = [...DIGITS, [65, 90], [95, 95], [97, 122]];
const SPACES: readonly Range[] = [
  [9, 10],
  [13, 13],
  [32, 32],
];
const CLASSES: Readonly<Record<string, readonly Range[]>> = {
  d: DIGITS,
  D: outside(DIGITS),
  w: WORDS,
  W: outside(WORDS),
  s: SPACES,
  S: outside(SPACES),
};

class Parser {
  at = 0;
  readonly #text: readonly string[];
  readonly #operators: Operators;

  constructor(text: readonly string[], operators: Operators) {
    this.#text = text;
    this.#operators = operators;
  }

  atEnd(): boolean {
    return this.at >= this.#text.length;
  }

  choice(): Regexp {
    const items = [this.#intersection()];
    while (this.#take("|")) items.push(this.#intersection());
    return join("choice", items);
  }

  #peek(chars: string): boolean {
    const next = this.#text[this.at];
    return next !== undefined && chars.includes(next);
  }

  #take(char: string): boolean {
    if (this.#text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  #next(): string {
    const char = this.#text[this.at];
    if (char === undefined) throw new RegexpProblem("refused", "unexpected end-of-string");
    this.at += 1;
    return char;
  }

  #expect(char: string): void {
    if (!this.#take(char)) throw new RegexpProblem("refused", `expected '${char}' at position ${this.at}`);
  }

  #intersection(): Regexp {
    const left = this.#sequence();
    return this.#operators.intersection && this.#take("&") ? { kind: "both", left, right: this.#intersection() } : left;
  }

  #sequence(): Regexp {
    const stops = this.#operators.intersection ? ")|&" : ")|";
    const items = [this.#repeated()];
    while (!this.atEnd() && !this.#peek(stops)) items.push(this.#repeated());
    return join("sequence", items);
  }

  #repeated(): Regexp {
    let item = this.#complement();
    for (;;) {
      if (this.#take("?")) item = { kind: "repeat", item, least: 0, most: 1 };
      else if (this.#take("*")) item = { kind: "repeat", item, least: 0, most: null };
      else if (this.#take("+")) item = { kind: "repeat", item, least: 1, most: null };
      else if (this.#take("{")) item = this.#counted(item);
      else return item;
    }
  }

  #counted(item: Regexp): Regexp {
    const least = this.#integer();
    if (least === null) throw new RegexpProblem("refused", `integer expected at position ${this.at}`);
    const most = this.#take(",") ? this.#integer() : least;
    this.#expect("}");
    if (most !== null && least > most) {
      throw new RegexpProblem("refused", `invalid repetition range(out of order): ${least}..${most}`);
    }
    return { kind: "repeat", item, least, most };
  }

  #integer(): number | null {
    let digits = "";
    while (this.#peek("0123456789")) digits += this.#next();
    return digits === "" ? null : Number(digits);
  }

  #complement(): Regexp {
    if (this.#operators.complement && this.#take("~")) return { kind: "complement", item: this.#complement() };
    return this.#take("[") ? this.#class() : this.#simple();
  }

  #class(): Regexp {
    const negated = this.#take("^");
    const ranges: Range[] = [...this.#classItem()];
    while (!this.atEnd() && !this.#peek("]")) ranges.push(...this.#classItem());
    this.#expect("]");
    const set = setOf(ranges);
    return negated && set.kind === "set" ? { kind: "set", ranges: outside(set.ranges) } : set;
  }

  #classItem(): readonly Range[] {
    const predefined = this.#predefined();
    if (predefined !== null) return predefined;
    const from = this.#character();
    if (!this.#take("-")) return this.#cases(from);
    const [first, last] = [codeOf(from), codeOf(this.#character())];
    if (first > last) throw new RegexpProblem("refused", `invalid range: from (${first}) cannot be > to (${last})`);
    return [[first, last]];
  }

  // A backslash before another letter is an error, before anything else it takes it literally.
  #predefined(): readonly Range[] | null {
    const [slash, letter] = [this.#text[this.at], this.#text[this.at + 1]];
    if (slash !== "\\" || letter === undefined || !/[A-Za-z]/.test(letter)) return null;
    const ranges = Object.hasOwn(CLASSES, letter) ? CLASSES[letter] : undefined;
    if (ranges === undefined) throw new RegexpProblem("refused", `invalid character class \\${codeOf(letter)}`);
    this.at += 2;
    return ranges;
  }

  #character(): string {
    this.#take("\\");
    return this.#next();
  }

  #simple(): Regexp {
    const { empty, anyString, interval, named } = this.#operators;
    if (this.#take(".")) return ANY_CHARACTER;
    if (empty && this.#take("#")) return { kind: "choice", items: [] };
    if (anyString && this.#take("@")) return { kind: "repeat", item: ANY_CHARACTER, least: 0, most: null };
    if (this.#take('"')) return this.#quoted();
    if (this.#take("(")) return this.#group();
    if ((interval || named) && this.#take("<")) return this.#interval();
    const predefined = this.#predefined();
    return setOf(predefined ?? this.#cases(this.#character()));
  }

  #quoted(): Regexp {
    const items: Regexp[] = [];
    while (!this.atEnd() && !this.#peek('"')) items.push(setOf(this.#cases(this.#next())));
    this.#expect('"');
    return join("sequence", items);
  }

  #group(): Regexp {
    if (this.#take(")")) return EMPTY;
    const inner = this.choice();
    this.#expect(")");
    return inner;
  }

  #interval(): Regexp {
    let text = "";
    while (!this.atEnd() && !this.#peek(">")) text += this.#next();
    this.#expect(">");
    const [, from, to] = /^(\d+)-(\d+)$/.exec(text) ?? [];
    if (!text.includes("-") && this.#operators.named) throw new RegexpProblem("refused", `'${text}' not found`);
    const [first, last] = [Number(from), Number(to)];
    if (!this.#operators.interval || from === undefined || to === undefined || Math.max(first, last) > 0x7fffffff) {
      throw new RegexpProblem("refused", `interval syntax error at position ${this.at - 1}`);
    }
    return decimals(Math.min(first, last), Math.max(first, last), from.length === to.length ? from.length : 0);
  }

  // Two letters have a third form: the Kelvin sign and the long s.
  #cases(char: string): readonly Range[] {
    const code = codeOf(char);
    if (!this.#operators.folded || char.toLowerCase() === char.toUpperCase()) return [[code, code]];
    if (code > 0x7f) throw new RegexpProblem("unsupported", `[${char}] without regard to its case has no SQL`);
    const more: readonly Range[] = /k/i.test(char) ? [[0x212a, 0x212a]] : /s/i.test(char) ? [[0x17f, 0x17f]] : [];
    return [[codeOf(char.toUpperCase()), codeOf(char.toUpperCase())], [codeOf(char.toLowerCase()), codeOf(char.toLowerCase())], ...more];
  }
}

function join(kind: "sequence" | "choice", items: readonly Regexp[]): Regexp {
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind, items };
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}
