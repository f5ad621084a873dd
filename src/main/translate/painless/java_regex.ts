// Java's regular expressions as ClickHouse (RE2) reads them: what means the same in both passes, the rest is refused.
import { ScriptNotRead } from "./tree.ts";

const SPACE = "\\t\\n\\x0B\\f\\r ";
const SAME_ESCAPES = /[dDwWbBtnrf0-9xpP.\\^$|?*+()[\]{}/\-"'&#:;,=<>!@%_~` ]/;

export interface Regex {
  readonly pattern: string;
  /** It has `.` or `$`, which know other ends of lines in Java. */
  readonly lines: boolean;
}

/** A Java pattern for ClickHouse. Throws ScriptNotRead. */
export function clickhousePattern(source: string, flags: string): Regex {
  if (/[^i]/.test(flags)) throw new ScriptNotRead(`the flags [${flags}] of a regular expression are not translated`);
  if (/\(\?(?![:<]|P<)|\(\?<[=!]|[*+?}]\+|&&|\(\?>/.test(source))
    throw new ScriptNotRead(`the regular expression [${source}] has no equal in ClickHouse`);
  let out = "";
  let inClass = false;
  let lines = false;
  for (let at = 0; at < source.length; at += 1) {
    const letter = source[at] ?? "";
    if (letter === "\\") {
      at += 1;
      out += escaped(source[at] ?? "", inClass, source);
    } else if (inClass) {
      if (letter === "[") throw new ScriptNotRead("a class inside a class of a regular expression is not translated");
      inClass = letter !== "]";
      out += letter;
    } else {
      inClass = letter === "[";
      lines ||= letter === "." || letter === "$";
      out += letter;
    }
  }
  return { pattern: flags === "i" ? `(?i)${out}` : out, lines };
}

function escaped(letter: string, inClass: boolean, source: string): string {
  if (letter === "s") return inClass ? SPACE : `[${SPACE}]`;
  if (letter === "S" && !inClass) return `[^${SPACE}]`;
  if (/[1-9xpP0]/.test(letter) || !SAME_ESCAPES.test(letter)) {
    throw new ScriptNotRead(`[\\${letter}] of the regular expression [${source}] is not translated`);
  }
  return `\\${letter}`;
}

/** The number of a named group; undefined where there is none. */
export function groupNumber(pattern: string, name: string): number | undefined {
  let number = 0;
  for (const [, named] of pattern.replace(/\\./g, "").matchAll(/\((?!\?)|\(\?P?<([A-Za-z]\w*)>/g)) {
    number += 1;
    if (named === name) return number;
  }
  return undefined;
}
