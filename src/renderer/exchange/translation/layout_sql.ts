// SQL with its long lines broken at commas and ANDs, outermost first. Only blanks change: an offset is carried over by
// counting the signs that are not blank. Text inside quotes is never touched.
const WIDTH = 92;

export interface LaidOutSql {
  readonly text: string;
  /** Offset in the given text → offset in the laid-out one. */
  carry(offset: number): number;
}

export function layoutSql(sql: string): LaidOutSql {
  const text = sql
    .split("\n")
    .map((line) => breakLine(line))
    .join("\n");
  const from = inkOffsets(sql);
  const to = inkOffsets(text);
  if (from.length !== to.length) return { text: sql, carry: (offset) => offset };
  return { text, carry: (offset) => carryOver(offset, from, to, text.length) };
}

function inkOffsets(text: string): readonly number[] {
  const offsets: number[] = [];
  for (let i = 0; i < text.length; i += 1) if (!isBlank(text[i])) offsets.push(i);
  return offsets;
}

function isBlank(sign: string | undefined): boolean {
  return sign === " " || sign === "\n" || sign === "\t" || sign === "\r";
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

interface Place {
  readonly at: number;
  readonly depth: number;
}

function breakLine(line: string): string {
  if (line.length <= WIDTH) return line;
  const places = breakPlaces(line);
  const depth = Math.min(...places.map((place) => place.depth));
  if (places.length === 0) return line;
  const indent = " ".repeat((/^ */.exec(line)?.[0].length ?? 0) + 2);
  const pieces: string[] = [];
  let start = 0;
  for (const place of places.filter((each) => each.depth === depth)) {
    pieces.push(line.slice(start, place.at).trimEnd());
    start = place.at;
  }
  pieces.push(line.slice(start));
  return joinPieces(pieces, indent).join("\n");
}

/** Pieces put back on a line as long as they fit; one that is itself too long is broken further in. */
function joinPieces(pieces: readonly string[], indent: string): readonly string[] {
  const lines: string[] = [];
  let line = pieces[0] ?? "";
  for (const piece of pieces.slice(1)) {
    const joined = `${line} ${piece.trimStart()}`;
    if (joined.length <= WIDTH) {
      line = joined;
      continue;
    }
    lines.push(...breakInner(line));
    line = indent + piece.trimStart();
  }
  return [...lines, ...breakInner(line)];
}

function breakInner(line: string): readonly string[] {
  return line.length <= WIDTH ? [line] : breakLine(line).split("\n");
}

/** Where a line may break: after a comma, before AND or OR, after an opening bracket that holds much; with the bracket depth. */
function breakPlaces(line: string): readonly Place[] {
  const places: Place[] = [];
  let depth = 0;
  let quote = "";
  const start = /^ */.exec(line)?.[0].length ?? 0;
  for (let i = start; i < line.length; i += 1) {
    const sign = line[i] ?? "";
    if (quote !== "") {
      if (sign === "\\") i += 1;
      else if (sign === quote) quote = "";
    } else if (sign === "'" || sign === "`" || sign === '"') quote = sign;
    else if (sign === "(" || sign === "[" || sign === "{") depth += 1;
    else if (sign === ")" || sign === "]" || sign === "}") depth -= 1;
    else if (sign === "," && line[i + 1] === " ") places.push({ at: i + 2, depth });
    else if (sign === " " && /^ (AND|OR) /.test(line.slice(i, i + 5))) places.push({ at: i + 1, depth });
  }
  return places.filter((place) => place.at > start && place.at < line.length);
}
