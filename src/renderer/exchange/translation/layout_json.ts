// A request body laid out densely: what fits a line stays on one. Beside the text, the range of every value by its JSON
// pointer, from the start of its name to its end. Numbers letter for letter.
import { childPointer, isArray, isObject, type JsonValue, printJson } from "../../../shared/json.ts";

export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface LaidOut {
  readonly text: string;
  readonly ranges: ReadonlyMap<string, Range>;
}

const WIDTH = 68;

export function layoutJson(value: JsonValue): LaidOut {
  const writer = new Writer();
  write(writer, value, { pointer: "", name: null, depth: 0, tail: 0 });
  return { text: writer.text(), ranges: writer.ranges };
}

/** Text in pieces, with its length and the start of its last line counted: a long document is never looked through again. */
class Writer {
  readonly ranges = new Map<string, Range>();
  length = 0;
  #lineStart = 0;
  readonly #pieces: string[] = [];

  add(piece: string): void {
    this.#pieces.push(piece);
    this.length += piece.length;
  }

  line(depth: number): void {
    this.#lineStart = this.length + 1;
    this.add(`\n${"  ".repeat(depth)}`);
  }

  get column(): number {
    return this.length - this.#lineStart;
  }

  text(): string {
    return this.#pieces.join("");
  }
}

interface Spot {
  readonly pointer: string;
  readonly name: string | null;
  readonly depth: number;
  /** Characters that must follow on the same line: the brackets and comma after it. */
  readonly tail: number;
}

function write(out: Writer, value: JsonValue, spot: Spot): void {
  const from = out.length;
  if (spot.name !== null) out.add(`${JSON.stringify(spot.name)}: `);
  const fits = out.column + flatLength(value, WIDTH) + spot.tail <= WIDTH;
  if (fits || !isBranch(value)) writeFlat(out, value, spot.pointer);
  else writeBroken(out, value, spot);
  out.ranges.set(spot.pointer, { from, to: out.length });
}

function isBranch(value: JsonValue): boolean {
  return (isArray(value) && value.length > 0) || (isObject(value) && Object.keys(value).length > 0);
}

function entries(value: JsonValue): readonly (readonly [string | null, string | number, JsonValue])[] {
  if (isArray(value)) return value.map((item, i) => [null, i, item] as const);
  return isObject(value) ? Object.entries(value).map(([name, item]) => [name, name, item] as const) : [];
}

function writeBroken(out: Writer, value: JsonValue, spot: Spot): void {
  const [open, close] = isArray(value) ? ["[", "]"] : ["{", "}"];
  const all = entries(value);
  const only = all[0];
  // `{"bool": {` on one line: an object with one member that is itself an object needs no line of its own.
  if (all.length === 1 && only !== undefined && isBranch(only[2])) {
    out.add(`${open} `);
    write(out, only[2], { pointer: childPointer(spot.pointer, only[1]), name: only[0], depth: spot.depth, tail: spot.tail + 2 });
    out.add(` ${close}`);
    return;
  }
  out.add(open);
  all.forEach(([name, step, item], i) => {
    out.line(spot.depth + 1);
    write(out, item, { pointer: childPointer(spot.pointer, step), name, depth: spot.depth + 1, tail: 1 });
    if (i < all.length - 1) out.add(",");
  });
  out.line(spot.depth);
  out.add(close);
}

function writeFlat(out: Writer, value: JsonValue, pointer: string): void {
  if (!isBranch(value)) {
    out.add(printJson(value));
    return;
  }
  const [open, close] = isArray(value) ? ["[", "]"] : ["{ ", " }"];
  out.add(open);
  entries(value).forEach(([name, step, item], i) => {
    if (i > 0) out.add(", ");
    const from = out.length;
    const inner = childPointer(pointer, step);
    if (name !== null) out.add(`${JSON.stringify(name)}: `);
    writeFlat(out, item, inner);
    out.ranges.set(inner, { from, to: out.length });
  });
  out.add(close);
}

/** Length of the one-line form; stops counting past `most`. */
function flatLength(value: JsonValue, most: number): number {
  if (!isBranch(value)) return printJson(value).length;
  let length = isArray(value) ? 2 : 4;
  for (const [name, , item] of entries(value)) {
    length += (name === null ? 0 : JSON.stringify(name).length + 2) + flatLength(item, most) + 2;
    if (length > most) return length;
  }
  return length;
}
