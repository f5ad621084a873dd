// Date patterns (`dd/MM/yyyy HH:mm:ss`): compiled once to a regular expression for reading and a list of pieces for writing.
import { civilFromDays, DAY } from "./civil.ts";
import type { DateParts } from "./instant.ts";
import { type Clock, LETTERS, type Letter, NAMED_LETTERS } from "./pattern_letters.ts";
import { type Zone, zoneOffset } from "./zone.ts";

export interface Pattern {
  parse(text: string): DateParts | null;
  /** The wall clock of epoch `ms` (and `nanos` within it) in `zone`. */
  print(ms: number, nanos: number, zone: Zone): string;
}

type Piece = { readonly literal: string } | { readonly letter: Letter; readonly count: number };

/** Compiles a pattern; null where it has a letter that we can't read exactly. */
export function compilePattern(pattern: string, named = false): Pattern | null {
  const letters = named ? NAMED_LETTERS : LETTERS;
  const pieces: Piece[] = [];
  let source = "";
  for (const [token] of pattern.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z]/g)) {
    const letter = /^[A-Za-z]/.test(token) ? (Object.hasOwn(letters, token[0] ?? "") ? letters[token[0] ?? ""] : null) : undefined;
    if (letter === undefined) {
      if (token === "#" || token === "{" || token === "}" || token === "'") return null;
      source += token === "[" ? "(?:" : token === "]" ? ")?" : unquote(token).replace(/[$()*+.?\\^|/-]/g, "\\$&");
      if (token !== "[" && token !== "]") pieces.push({ literal: unquote(token) });
      continue;
    }
    const part = letter?.source(token.length) ?? null;
    if (letter === null || part === null) return null;
    source += `(${part})`;
    pieces.push({ letter, count: token.length });
  }
  return balanced(pattern) ? patternOf(new RegExp(`^${source}$`), pieces) : null;
}

function balanced(pattern: string): boolean {
  return pattern.split("[").length === pattern.split("]").length;
}

function unquote(token: string): string {
  return token === "''" ? "'" : token.startsWith("'") ? token.slice(1, -1).replaceAll("''", "'") : token;
}

function patternOf(regex: RegExp, pieces: readonly Piece[]): Pattern {
  const fields = pieces.filter((piece) => "letter" in piece);
  return {
    parse(text) {
      const match = regex.exec(text);
      if (match === null) return null;
      const parts: DateParts = {};
      fields.forEach(({ letter, count }, i) => {
        const found = match[i + 1];
        if (found !== undefined) letter.read(parts, found, count);
      });
      return parts;
    },
    print(ms, nanos, zone) {
      const clock = clockOf(ms, nanos, zone);
      return pieces.map((piece) => ("literal" in piece ? piece.literal : piece.letter.write(clock, piece.count))).join("");
    },
  };
}

function clockOf(ms: number, nanos: number, zone: Zone): Clock {
  const offset = zoneOffset(ms, zone);
  const days = Math.floor((ms + offset) / DAY);
  const rest = ms + offset - days * DAY;
  return {
    ...civilFromDays(days),
    days,
    hour: Math.floor(rest / 3_600_000),
    minute: Math.floor(rest / 60_000) % 60,
    second: Math.floor(rest / 1000) % 60,
    nano: (rest % 1000) * 1_000_000 + nanos,
    offset,
    zone,
  };
}
