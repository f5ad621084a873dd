// The regular expressions of GROK (Oniguruma's, in Ruby's dialect) as a tree: text in, tree out. What the tree has no node for is
// a NoEqual, with its name.
import { ALL, type Characters, classOfOthers, DIGIT, inRanges, NONE, SPACE, union, WORD } from "./characters.ts";

/** Stands for nothing in texts: Unicode keeps it free of meaning. It is put before and behind each text. */
export const END = "\u{fdd0}";
/** The same in a regular expression. */
export const END_SOURCE = "\\x{fdd0}";

export type Node =
  | { readonly kind: "set"; readonly source: string; readonly characters: Characters }
  | { readonly kind: "sequence" | "either"; readonly items: readonly Node[] }
  | { readonly kind: "repeat"; readonly item: Node; readonly least: number; readonly most: number; readonly lazy: boolean }
  | { readonly kind: "capture"; readonly item: Node; readonly id: number }
  /** Takes the longest at once and never less. */
  | { readonly kind: "whole"; readonly item: Node }
  | { readonly kind: "not_behind" | "not_ahead"; readonly characters: Characters }
  | { readonly kind: "word_edge" | "line_start" | "line_end" };

/** A part of a regular expression that has no equal in ClickHouse. */
export class NoEqual extends Error {}

const ASCII_WORD: Characters = { ...WORD, letters: false };
const LINE_WORD: Characters = { ...WORD, ascii: WORD.ascii | (1n << 10n) };
const CLASSES: Readonly<Record<string, readonly [string, Characters]>> = {
  d: ["0-9", DIGIT],
  w: ["0-9A-Za-z_", ASCII_WORD],
  s: ["\\t-\\r ", SPACE],
  h: [
    "0-9a-fA-F",
    inRanges([
      [48, 57],
      [65, 70],
      [97, 102],
    ]),
  ],
};
const CONTROLS: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", f: "\f", v: "\v", e: "\x1b", a: "\x07" };

/** The tree of a regular expression; `nameOf` gives each named group a number. */
export function parseRegex(text: string, nameOf: (name: string) => number): Node {
  const parser = new RegexParser([...text], nameOf);
  return parser.whole();
}

class RegexParser {
  readonly #text: readonly string[];
  readonly #nameOf: (name: string) => number;
  #at = 0;

  constructor(text: readonly string[], nameOf: (name: string) => number) {
    this.#text = text;
    this.#nameOf = nameOf;
  }

  whole(): Node {
    const node = this.#either();
    if (this.#at < this.#text.length) throw new NoEqual(`a [${this.#text[this.#at]}] too many`);
    return node;
  }

  #take(text: string): boolean {
    if (this.#text.slice(this.#at, this.#at + text.length).join("") !== text) return false;
    this.#at += text.length;
    return true;
  }

  #next(): string {
    const char = this.#text[this.#at];
    if (char === undefined) throw new NoEqual("its end is missing");
    this.#at += 1;
    return char;
  }

  #either(): Node {
    const items = [this.#sequence()];
    while (this.#take("|")) items.push(this.#sequence());
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: "either", items };
  }

  #sequence(): Node {
    const items: Node[] = [];
    while (this.#at < this.#text.length && this.#text[this.#at] !== "|" && this.#text[this.#at] !== ")") items.push(this.#repeated());
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: "sequence", items };
  }

  #repeated(): Node {
    let item = this.#atom();
    for (;;) {
      const counts = this.#counts();
      if (counts === null) return item;
      const lazy = this.#take("?");
      if (!lazy && this.#text[this.#at] === "+") throw new NoEqual("a repetition that gives nothing back");
      item = { kind: "repeat", item, least: counts[0], most: counts[1], lazy };
    }
  }

  #counts(): readonly [number, number] | null {
    if (this.#take("*")) return [0, Number.POSITIVE_INFINITY];
    if (this.#take("+")) return [1, Number.POSITIVE_INFINITY];
    if (this.#take("?")) return [0, 1];
    if (this.#text[this.#at] !== "{") return null;
    const found = /^\{([0-9]*)(,?)([0-9]*)\}/.exec(this.#text.slice(this.#at, this.#at + 16).join(""));
    if (found === null || (found[1] === "" && found[3] === "")) return null;
    this.#at += found[0].length;
    const least = Number(found[1] ?? 0);
    const most = found[2] === "" ? least : found[3] === "" ? Number.POSITIVE_INFINITY : Number(found[3]);
    if (least > 1000 || (most > 1000 && most < Number.POSITIVE_INFINITY) || least > most) throw new NoEqual(`the repetition ${found[0]}`);
    return [least, most];
  }

  #atom(): Node {
    const char = this.#next();
    switch (char) {
      case "(":
        return this.#group();
      case "[":
        return this.#set();
      case ".":
        return { kind: "set", source: `[^\\n${END_SOURCE}]`, characters: { ...ALL, ascii: ALL.ascii & ~(1n << 10n) } };
      case "^":
        return { kind: "line_start" };
      case "$":
        return { kind: "line_end" };
      case "\\":
        return this.#escape();
      case "*":
      case "+":
      case "?":
        throw new NoEqual(`a [${char}] that repeats nothing`);
      default:
        return literalSet(char);
    }
  }

  #group(): Node {
    if (this.#take("?<!")) return this.#around("not_behind");
    if (this.#take("?!")) return this.#around("not_ahead");
    if (this.#take("?<=") || this.#take("?=")) throw new NoEqual("a look around that asks for something");
    if (this.#take("?#apart)")) return { kind: "set", source: classOfOthers(LINE_WORD, END_SOURCE), characters: apart() };
    if (this.#take("?#whole:")) return this.#closed((item) => ({ kind: "whole", item }));
    if (this.#take("?>")) throw new NoEqual("a group that gives nothing back");
    if (this.#take("?<")) {
      let name = "";
      while (!this.#take(">")) name += this.#next();
      const id = this.#nameOf(name);
      return this.#closed((item) => ({ kind: "capture", item, id }));
    }
    if (!this.#take("?:") && this.#text[this.#at] === "?") throw new NoEqual("a group with options");
    return this.#closed((item) => item);
  }

  #closed(make: (item: Node) => Node): Node {
    const item = this.#either();
    if (!this.#take(")")) throw new NoEqual("a group without its end");
    return make(item);
  }

  #around(kind: "not_behind" | "not_ahead"): Node {
    return this.#closed((item) => {
      if (item.kind !== "set") throw new NoEqual("a look around at more than one character");
      return { kind, characters: item.characters };
    });
  }

  #escape(): Node {
    const char = this.#next();
    if (char === "b") return { kind: "word_edge" };
    if (/^[WDSH]$/.test(char)) {
      const [source, characters] = CLASSES[char.toLowerCase()] ?? ["", NONE];
      return {
        kind: "set",
        source: `[^${source}${END_SOURCE}]`,
        characters: { ascii: ALL.ascii & ~characters.ascii, letters: true, others: true },
      };
    }
    const known = CLASSES[char];
    if (known !== undefined) return { kind: "set", source: `[${known[0]}]`, characters: known[1] };
    return literalSet(this.#escaped(char));
  }

  /** The character that `\` and this one stand for. */
  #escaped(char: string): string {
    if (char === "x") {
      const code = `${this.#next()}${this.#next()}`;
      if (!/^[0-7][0-9a-fA-F]$/.test(code)) throw new NoEqual(`the escape \\x${code}`);
      return String.fromCharCode(Number.parseInt(code, 16));
    }
    if (/^[A-Za-z0-9]$/.test(char)) {
      const control = CONTROLS[char];
      if (control === undefined) throw new NoEqual(`the escape \\${char}`);
      return control;
    }
    return char;
  }

  #set(): Node {
    const negated = this.#take("^");
    let source = "";
    let characters = NONE;
    for (let first = true; first || !this.#take("]"); first = false) {
      if (this.#text[this.#at] === "[") throw new NoEqual("a class within a class");
      if (this.#take("&&")) throw new NoEqual("classes that are cut with one another");
      const char = this.#next();
      const letter = char === "\\" ? this.#next() : null;
      const known = letter === null ? undefined : CLASSES[letter];
      if (known !== undefined) {
        source += known[0];
        characters = union(characters, known[1]);
        continue;
      }
      if (letter !== null && /^[WDSHbB]$/.test(letter)) throw new NoEqual(`the escape \\${letter} in a class`);
      const from = letter === null ? char : this.#escaped(letter);
      const to = this.#rangeEnd() ?? from;
      source += from === to ? inClass(from) : `${inClass(from)}-${inClass(to)}`;
      characters = union(characters, inRanges([[from.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0]]));
    }
    if (!negated) return { kind: "set", source: `[${source}]`, characters };
    return {
      kind: "set",
      source: `[^${source}${END_SOURCE}]`,
      characters: { ascii: ALL.ascii & ~characters.ascii, letters: true, others: true },
    };
  }

  #rangeEnd(): string | null {
    if (this.#text[this.#at] !== "-" || this.#text[this.#at + 1] === "]") return null;
    this.#at += 1;
    const char = this.#next();
    return char === "\\" ? this.#escaped(this.#next()) : char;
  }
}

function apart(): Characters {
  return { ascii: ALL.ascii & ~LINE_WORD.ascii, letters: false, others: true };
}

function literalSet(char: string): Node {
  const code = char.codePointAt(0) ?? 0;
  return { kind: "set", source: inClass(char), characters: inRanges([[code, code]]) };
}

function inClass(char: string): string {
  return /^[A-Za-z0-9_ ]$/.test(char) ? char : `\\x{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
