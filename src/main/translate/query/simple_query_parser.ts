// The syntax of simple_query_string as a tree, as Lucene's SimpleQueryParser reads it: from left to right, a change of
// operator wraps what is there already.

export type SimpleNode =
  | { readonly kind: "text" | "prefix"; readonly text: string }
  | { readonly kind: "fuzzy"; readonly text: string; readonly edits: 1 | 2 }
  | { readonly kind: "phrase"; readonly text: string; readonly slop: number }
  | { readonly kind: "not"; readonly node: SimpleNode }
  | { readonly kind: "all" | "any"; readonly nodes: readonly SimpleNode[] };

type Group = "all" | "any";

/** Parses; null where there is nothing to search for. `wordless` is true for text that the analyzer leaves nothing of. */
export function parseSimple(text: string, allByDefault: boolean, wordless: (text: string) => boolean): SimpleNode | null {
  return new Parser(text, allByDefault ? "all" : "any", wordless).parse();
}

const SPACE = /[ \t\n\r]/;

class Parser {
  readonly #text: string;
  readonly #default: Group;
  readonly #wordless: (text: string) => boolean;
  #at = 0;
  #nots = 0;
  #top: SimpleNode | null = null;
  #current: Group | null = null;
  #previous: Group | null = null;

  constructor(text: string, byDefault: Group, wordless: (text: string) => boolean) {
    this.#wordless = wordless;
    this.#text = text;
    this.#default = byDefault;
  }

  parse(): SimpleNode | null {
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] ?? "";
      if (char === "-") {
        this.#nots += 1;
        this.#at += 1;
        continue;
      }
      if (char === "(") this.#group();
      else if (char === '"') this.#phrase();
      else if (char === "+" || char === "|") this.#operator(char === "+" ? "all" : "any");
      else if (char === ")" || SPACE.test(char)) this.#at += 1;
      else this.#word();
      this.#nots = 0;
    }
    return this.#top;
  }

  #operator(group: Group): void {
    if (this.#current === null && this.#top !== null) this.#current = group;
    this.#at += 1;
  }

  #group(): void {
    const start = this.#at + 1;
    const end = this.#closing(start);
    if (end === undefined) {
      this.#at = start;
    } else if (end === start) {
      this.#current = null;
      this.#at = end + 1;
    } else {
      this.#add(new Parser(this.#text.slice(start, end), this.#default, this.#wordless).parse());
      this.#at = end + 1;
    }
  }

  #closing(start: number): number | undefined {
    let depth = 1;
    for (let i = start; i < this.#text.length; i += 1) {
      const char = this.#text[i];
      if (char === "\\") i += 1;
      else if (char === "(") depth += 1;
      else if (char === ")") depth -= 1;
      if (depth === 0) return i;
    }
    return undefined;
  }

  #phrase(): void {
    const start = this.#at + 1;
    let text = "";
    let end = start;
    for (; end < this.#text.length && this.#text[end] !== '"'; end += 1) {
      if (this.#text[end] === "\\" && end + 1 < this.#text.length) end += 1;
      text += this.#text[end] ?? "";
    }
    if (end >= this.#text.length) {
      this.#at = start;
    } else if (end === start) {
      this.#current = null;
      this.#at = end + 1;
    } else {
      this.#at = end + 1;
      // A `~` that ends the whole text is passed over.
      this.#add({ kind: "phrase", text, slop: this.#at < this.#text.length - 1 ? this.#distance() : 0 });
    }
  }

  // The number behind a `~`: 2 where none is written, 0 where it is none.
  #distance(): number {
    const [whole, number] = /^~([^"|+()\s]*)/.exec(this.#text.slice(this.#at)) ?? [];
    if (whole === undefined || number === undefined) return 0;
    this.#at += whole.length;
    return number === "" ? 2 : /^\+?\d{1,9}$/.test(number) ? Number(number) : 0;
  }

  #word(): void {
    let text = "";
    let prefix = false;
    let edits = 0;
    for (; this.#at < this.#text.length; this.#at += 1) {
      let char = this.#text[this.#at] ?? "";
      if (char === "\\" && this.#at + 1 < this.#text.length) {
        this.#at += 1;
        char = this.#text[this.#at] ?? "";
        prefix = false;
      } else {
        if ('"|+()'.includes(char) || SPACE.test(char)) break;
        if (text !== "" && char === "~") {
          edits = Math.min(2, this.#distance());
          prefix = false;
          break;
        }
        prefix = text !== "" && char === "*";
      }
      text += char;
    }
    if (text === "") return;
    if (edits > 0) this.#add({ kind: "fuzzy", text, edits: edits === 1 ? 1 : 2 });
    else this.#add(prefix ? { kind: "prefix", text: text.slice(0, -1) } : { kind: "text", text });
  }

  #add(found: SimpleNode | null): void {
    if (found === null || ((found.kind === "text" || found.kind === "phrase") && this.#wordless(found.text))) {
      if (found !== null) this.#current = null;
      return;
    }
    const node: SimpleNode = this.#nots % 2 === 1 ? { kind: "not", node: found } : found;
    if (this.#top === null) {
      this.#top = node;
    } else {
      const group = this.#current ?? this.#default;
      const before = this.#previous === group && (this.#top.kind === "all" || this.#top.kind === "any") ? this.#top.nodes : [this.#top];
      this.#top = { kind: group, nodes: [...before, node] };
      this.#previous = group;
    }
    this.#current = null;
  }
}
