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
  const writer = { text: "", ranges: new Map<string, Range>() };
  write(writer, value, { pointer: "", name: null, depth: 0, tail: 0 });
  return writer;
}

interface Writer {
  text: string;
  readonly ranges: Map<string, Range>;
}

interface Spot {
  readonly pointer: string;
  readonly name: string | null;
  readonly depth: number;
  /** Characters that must follow on the same line: the brackets and comma after it. */
  readonly tail: number;
}

function write(out: Writer, value: JsonValue, spot: Spot): void {
  const from = out.text.length;
  if (spot.name !== null) out.text += `${JSON.stringify(spot.name)}: `;
  const column = out.text.length - (out.text.lastIndexOf("\n") + 1);
  const fits = column + flatLength(value, WIDTH) + spot.tail <= WIDTH;
  if (fits || !isBranch(value)) writeFlat(out, value, spot.pointer);
  else writeBroken(out, value, spot);
  out.ranges.set(spot.pointer, { from, to: out.text.length });
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
    out.text += `${open} `;
    write(out, only[2], { pointer: childPointer(spot.pointer, only[1]), name: only[0], depth: spot.depth, tail: spot.tail + 2 });
    out.text += ` ${close}`;
    return;
  }
  out.text += open;
  all.forEach(([name, step, item], i) => {
    out.text += `\n${"  ".repeat(spot.depth + 1)}`;
    write(out, item, { pointer: childPointer(spot.pointer, step), name, depth: spot.depth + 1, tail: 1 });
    if (i < all.length - 1) out.text += ",";
  });
  out.text += `\n${"  ".repeat(spot.depth)}${close}`;
}

function writeFlat(out: Writer, value: JsonValue, pointer: string): void {
  if (!isBranch(value)) {
    out.text += printJson(value);
    return;
  }
  const [open, close] = isArray(value) ? ["[", "]"] : ["{ ", " }"];
  out.text += open;
  entries(value).forEach(([name, step, item], i) => {
    if (i > 0) out.text += ", ";
    const from = out.text.length;
    const inner = childPointer(pointer, step);
    if (name !== null) out.text += `${JSON.stringify(name)}: `;
    writeFlat(out, item, inner);
    out.ranges.set(inner, { from, to: out.text.length });
  });
  out.text += close;
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
