// SQL with its long lines broken: first at the commas and ANDs of the outermost level, then inside the longest bracket,
// which hangs two deeper. Only blanks change: an offset is carried over by counting the signs that are not blank. Text
// inside quotes is never touched.
const WIDTH = 84;

export interface LaidOutSql {
  readonly text: string;
  /** Offset in the given text → offset in the laid-out one. */
  carry(offset: number): number;
}

export function layoutSql(sql: string): LaidOutSql {
  const text = sql.split("\n").flatMap(breakLine).join("\n");
  const from = inkOffsets(sql);
  const to = inkOffsets(text);
  if (from.length !== to.length) return { text: sql, carry: (offset) => offset };
  return { text, carry: (offset) => carryOver(offset, from, to, text.length) };
}

function inkOffsets(text: string): readonly number[] {
  const offsets: number[] = [];
  for (let i = 0; i < text.length; i += 1) if (!/\s/.test(text[i] ?? "")) offsets.push(i);
  return offsets;
}

// The first sign at or after the offset; an end keeps to the sign before it.
function carryOver(offset: number, from: readonly number[], to: readonly number[], length: number): number {
  let low = 0;
  let high = from.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((from[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  const previous = from[low - 1];
  if (from[low] !== offset && previous !== undefined && previous === offset - 1) return (to[low - 1] ?? length) + 1;
  return to[low] ?? length;
}

function breakLine(line: string): readonly string[] {
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  return breakText(line.slice(indent), indent, indent + 2);
}

/** Lines of `text`: the first one indented by `indent`, further pieces by `hanging`, what is in a bracket two deeper than its line. */
function breakText(text: string, indent: number, hanging: number): readonly string[] {
  if (indent + text.length <= WIDTH) return [" ".repeat(indent) + text];
  const level = levelOf(text);
  const pieces = cut(text, level.separators);
  if (pieces.length > 1) return fill(pieces, indent, hanging);
  const { open, close } = level;
  if (close - open < 24) return [" ".repeat(indent) + text];
  const inner = breakText(text.slice(open + 1, close), indent + 2, indent + 2);
  const last = inner.at(-1) ?? "";
  return [" ".repeat(indent) + text.slice(0, open + 1), ...inner.slice(0, -1), ...breakTail(last, text.slice(close), hanging)];
}

/** What follows the bracket stays on its last line, unless that is what makes it too long. */
function breakTail(line: string, tail: string, hanging: number): readonly string[] {
  const whole = line + tail;
  if (whole.length <= WIDTH || tail.length < 24) return [whole];
  const indent = /^ */.exec(whole)?.[0].length ?? 0;
  return breakText(whole.slice(indent), indent, Math.max(hanging, indent));
}

/** As many pieces on a line as fit; one that is itself too long is broken further in. */
function fill(pieces: readonly string[], indent: number, hanging: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  const flush = () => {
    const at = lines.length === 0 ? indent : hanging;
    if (line !== "") lines.push(...breakText(line, at, at));
    line = "";
  };
  for (const piece of pieces) {
    const joined = line === "" ? piece : `${line} ${piece}`;
    if (joined.length + (lines.length === 0 ? indent : hanging) > WIDTH) flush();
    line = line === "" ? piece : `${line} ${piece}`;
  }
  flush();
  return lines;
}

function cut(text: string, at: readonly number[]): readonly string[] {
  return [0, ...at].map((start, i) => text.slice(start, at[i] ?? text.length).trim()).filter((piece) => piece !== "");
}

interface Level {
  /** Offsets after each comma and before each AND and OR that no bracket encloses. */
  readonly separators: readonly number[];
  /** The longest bracket that no other encloses; both 0 when there is none. */
  readonly open: number;
  readonly close: number;
}

function levelOf(text: string): Level {
  const separators: number[] = [];
  let longest = { open: 0, close: 0 };
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i] ?? "";
    if (sign === "'" || sign === "`" || sign === '"') i = endOfQuote(text, i);
    else if ("([{".includes(sign)) {
      if (depth === 0) start = i;
      depth += 1;
    } else if (")]}".includes(sign)) {
      depth = Math.max(0, depth - 1);
      if (depth === 0 && i - start > longest.close - longest.open) longest = { open: start, close: i };
    } else if (depth === 0 && sign === ",") separators.push(i + 1);
    else if (depth === 0 && sign === " " && /^ (AND|OR) /.test(text.slice(i, i + 5))) separators.push(i + 1);
  }
  return { separators, ...longest };
}

/** Offset of the closing quote, or of the last sign where it is missing. */
function endOfQuote(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i += 1) {
    if (text[i] === "\\") i += 1;
    else if (text[i] === text[start]) return i;
  }
  return text.length - 1;
}
