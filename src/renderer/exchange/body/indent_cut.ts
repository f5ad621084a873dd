// Lays out JSON that stops somewhere: the first part of a long body. Nothing is parsed, every letter outside of the layout stays.

const QUOTE = 34;
const BACKSLASH = 92;
const BLANKS: ReadonlySet<number> = new Set([9, 10, 13, 32]);
const OPENING: ReadonlySet<number> = new Set([91, 123]);
const CLOSING: ReadonlySet<number> = new Set([93, 125]);
const COMMA = 44;
const COLON = 58;

/** The text over lines, as far as it goes; null where it does not begin as an object or an array does. */
export function indentCut(text: string): string | null {
  if (!/^\s*[{[]/.test(text)) return null;
  const out: string[] = [];
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    let end = at + 1;
    if (code === QUOTE) end = endOfString(text, at);
    else if (!isMark(code) && !BLANKS.has(code)) end = endOfWord(text, at);
    const token = text.slice(at, end);
    if (OPENING.has(code)) {
      const next = afterBlanks(text, end);
      const empty = CLOSING.has(text.charCodeAt(next));
      if (empty) end = next + 1;
      else depth += 1;
      out.push(empty ? token + text.charAt(next) : token + lineAt(depth));
    } else if (CLOSING.has(code)) {
      depth = Math.max(0, depth - 1);
      // One document after the other, as in NDJSON, each on lines of its own.
      out.push(depth === 0 ? `${lineAt(depth)}${token}\n` : lineAt(depth) + token);
    } else if (code === COMMA) out.push(token + lineAt(depth));
    else if (code === COLON) out.push(": ");
    else if (!BLANKS.has(code)) out.push(token);
    at = end;
  }
  return out.join("");
}

function isMark(code: number): boolean {
  return code === COMMA || code === COLON || OPENING.has(code) || CLOSING.has(code);
}

/** After the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    at += code === BACKSLASH ? 2 : 1;
  }
  return text.length;
}

function endOfWord(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE || isMark(code) || BLANKS.has(code)) return at;
    at += 1;
  }
  return at;
}

function afterBlanks(text: string, start: number): number {
  let at = start;
  while (BLANKS.has(text.charCodeAt(at))) at += 1;
  return at;
}

function lineAt(depth: number): string {
  return `\n${"  ".repeat(depth)}`;
}
