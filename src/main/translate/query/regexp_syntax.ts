// Lucene's regular expressions → RE2's. In Lucene `^` and `$` are letters, `a+?` is an optional `a+`, and there are
// operators that RE2 lacks (`~`, `&`, `<1-9>`, `@`, `#`, `"…"`): null for those.

/** The expression for RE2 (and JavaScript), not anchored; null where there is none. `folded` ignores ASCII case. */
export function translateRegexp(expression: string, folded: boolean): string | null {
  const parser = new Parser([...expression], folded);
  const source = parser.alternatives();
  return parser.failed || !parser.atEnd() ? null : source;
}

const CLASSES: Readonly<Record<string, string>> = {
  d: "[0-9]",
  D: "[^0-9]",
  w: "[A-Za-z0-9_]",
  W: "[^A-Za-z0-9_]",
  s: "[ \\t\\n\\r]",
  S: "[^ \\t\\n\\r]",
};
const WITHOUT_EQUAL = new Set(["~", "&", "<", "@", "#", '"']);
const MOST_REPEATS = 1000;

class Parser {
  failed = false;
  readonly #text: readonly string[];
  readonly #folded: boolean;
  #at = 0;

  constructor(text: readonly string[], folded: boolean) {
    this.#text = text;
    this.#folded = folded;
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  alternatives(): string {
    const branches = [this.#sequence()];
    while (this.#take("|")) branches.push(this.#sequence());
    return branches.join("|");
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #take(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at += 1;
    return true;
  }

  #fail(): string {
    this.failed = true;
    this.#at = this.#text.length;
    return "";
  }

  #sequence(): string {
    let source = "";
    while (!this.atEnd() && this.#peek() !== "|" && this.#peek() !== ")") source += this.#repeated();
    return source;
  }

  #repeated(): string {
    let atom = this.#atom();
    for (let next = this.#peek(); next === "*" || next === "+" || next === "?" || next === "{"; next = this.#peek()) {
      this.#at += 1;
      const count = next === "{" ? this.#count() : next;
      atom = `(?:${atom})${count}`;
    }
    return atom;
  }

  #count(): string {
    const close = this.#text.indexOf("}", this.#at);
    const text = this.#text.slice(this.#at, close).join("");
    if (close < 0 || !/^\d+(,\d*)?$/.test(text)) return this.#fail();
    if (text.split(",").some((part) => Number(part) > MOST_REPEATS)) return this.#fail();
    this.#at = close + 1;
    return `{${text}}`;
  }

  #atom(): string {
    const char = this.#peek() ?? "";
    this.#at += 1;
    if (char === ".") return ".";
    if (char === "(") return this.#group();
    if (char === "[") return this.#class();
    if (char === "\\") return this.#escape();
    if (WITHOUT_EQUAL.has(char) || char === "*" || char === "+" || char === "?" || char === "{") return this.#fail();
    return this.#letter(char);
  }

  #group(): string {
    if (this.#take(")")) return "(?:)";
    const inner = this.alternatives();
    return this.#take(")") ? `(?:${inner})` : this.#fail();
  }

  #escape(): string {
    const char = this.#peek();
    if (char === undefined) return this.#fail();
    this.#at += 1;
    return (Object.hasOwn(CLASSES, char) ? CLASSES[char] : undefined) ?? this.#letter(char);
  }

  #class(): string {
    const negated = this.#take("^") ? "^" : "";
    let items = "";
    while (!this.atEnd() && this.#peek() !== "]") items += this.#classItem();
    if (items === "" || !this.#take("]")) return this.#fail();
    return `[${negated}${items}]`;
  }

  #classItem(): string {
    const from = this.#classChar();
    if (from === undefined) return this.#fail();
    if (from.length > 2 && from.startsWith("[")) return from.slice(1, -1);
    if (this.#peek() !== "-" || this.#text[this.#at + 1] === "]") return this.#bothCases(from).map(quoted).join("");
    this.#at += 1;
    const to = this.#classChar();
    if (to === undefined || to.length > 2 || (this.#folded && /[A-Za-z]/.test(from + to))) return this.#fail();
    return `${quoted(from)}-${quoted(to)}`;
  }

  // One character, or the bracketed set that an escape stands for.
  #classChar(): string | undefined {
    const char = this.#peek();
    this.#at += 1;
    if (char !== "\\") return char;
    const escaped = this.#peek();
    this.#at += 1;
    if (escaped === undefined || /[DWS]/.test(escaped)) return undefined;
    return /[dws]/.test(escaped) ? CLASSES[escaped] : escaped;
  }

  #letter(char: string): string {
    const cases = this.#bothCases(char);
    return cases.length === 1 ? quoted(char) : `[${cases.join("")}]`;
  }

  #bothCases(char: string): readonly string[] {
    return this.#folded && /[A-Za-z]/.test(char) ? [char.toLowerCase(), char.toUpperCase()] : [char];
  }
}

function quoted(char: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char;
}
