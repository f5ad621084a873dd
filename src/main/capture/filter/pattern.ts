// Patterns that people type. As in mitmproxy they are searched for anywhere, without regard to case.

export type PatternResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

const LONGEST = 1000;
// A repeated group that itself repeats, (a+)+ or (a*)*, can take for ever on one line.
const NESTED_REPEAT = /\((?:[^()\\]|\\.)*[^\\(][*+}](?:[^()\\]|\\.)*\)(?:[*+]|\{[0-9]*,)/;
const REMEMBERED = 64;

/** Whether a pattern can be used; the message says why not. */
export function checkPattern(source: string): PatternResult {
  if (source.length > LONGEST) return { ok: false, message: `This pattern is longer than ${LONGEST} characters.` };
  if (NESTED_REPEAT.test(source))
    return { ok: false, message: "A repeated group that repeats inside can search for ever. Repeat only one of them." };
  try {
    compile(source);
    return { ok: true };
  } catch (error) {
    const what = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : String(error);
    return { ok: false, message: `Not a regular expression: ${what}. Put a backslash before . * + ? ( ) [ ] to mean the character.` };
  }
}

const compiled = new Map<string, RegExp>();
let latest = { source: "", pattern: compile("") };

/** The pattern, compiled once. Throws where `checkPattern` refuses. */
export function patternOf(source: string): RegExp {
  // SQLite gives the text anew for each row: to compare it costs less than to look it up.
  if (source !== latest.source) latest = { source, pattern: known(source) };
  return latest.pattern;
}

function known(source: string): RegExp {
  const pattern = compiled.get(source) ?? compile(source);
  compiled.set(source, pattern);
  const oldest = compiled.keys().next().value;
  if (compiled.size > REMEMBERED && oldest !== undefined) compiled.delete(oldest);
  return pattern;
}

function compile(source: string): RegExp {
  // Python's inline flags at the front: i, m, s are always on.
  return new RegExp(source.replace(/^\(\?[ims]+\)/, ""), "ims");
}

/** One pattern that matches where any of them does. */
export function anyOf(sources: readonly string[]): string {
  return sources.length === 1 ? (sources[0] ?? "") : sources.map((source) => `(?:${source.replace(/^\(\?[ims]+\)/, "")})`).join("|");
}

/** A pattern for a list of names separated by commas of which one fits the glob (`*` and `?`). */
export function globInList(glob: string): string {
  const escaped = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^,]*")
    .replaceAll("?", "[^,]");
  return `(?:^|,)${escaped}(?:,|$)`;
}

/** A pattern for the list as a whole, or for a list of which one name fits. */
export function globOrItself(glob: string): string {
  return `^${glob.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$|${globInList(glob)}`;
}
