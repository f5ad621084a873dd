// Java's regular expressions as JavaScript's, as far as both mean the same by them; what differs is rewritten or refused.

// Beyond these an escape means something else, or nothing, in one of the two.
const SAME_ESCAPES = "dDwWbBtnrf0";
const LITERAL = /[^A-Za-z0-9]/;
const SPACE = "\\t\\n\\x0b\\f\\r ";
const ANY = "[^\\n\\r\\u0085\\u2028\\u2029]";
const POSIX: Readonly<Record<string, string>> = {
  Lower: "a-z",
  Upper: "A-Z",
  Alpha: "A-Za-z",
  Digit: "0-9",
  Alnum: "A-Za-z0-9",
  Punct: "!-\\/:-@\\[-`\\{-~",
  Space: SPACE,
};
const CATEGORY = /^(?:L|Lu|Ll|Lt|Lm|Lo|M|Mn|Mc|Me|N|Nd|Nl|No|P|Pc|Pd|Ps|Pe|Pi|Pf|Po|S|Sm|Sc|Sk|So|Z|Zs)$/;

/** The pattern with the flags `g` and `u`; undefined where it can't be said the same way. */
export function javaPattern(source: string): RegExp | undefined {
  try {
    const rewritten = rewrite(source);
    return rewritten === undefined ? undefined : new RegExp(rewritten, "gu");
  } catch {
    return undefined;
  }
}

/** A replacement of Java's (`$1`, `\$`) as a function of the match; undefined where it names a group by its name. */
export function javaReplacement(source: string): ((groups: readonly (string | undefined)[]) => string) | undefined {
  const parts: (string | number)[] = [];
  for (let i = 0; i < source.length; i += 1) {
    const char = source.charAt(i);
    if (char === "\\") {
      i += 1;
      if (i >= source.length) return undefined;
      parts.push(source.charAt(i));
    } else if (char === "$") {
      // Java takes further digits as long as there is such a group: one is meant nearly always.
      const digits = /^\d+/.exec(source.slice(i + 1))?.[0] ?? "";
      if (digits.length !== 1) return undefined;
      parts.push(Number(digits));
      i += 1;
    } else parts.push(char);
  }
  return (groups) => parts.map((part) => (typeof part === "string" ? part : (groups[part] ?? ""))).join("");
}

function rewrite(source: string): string | undefined {
  let out = "";
  let inClass = false;
  for (let i = 0; i < source.length; ) {
    const char = String.fromCodePoint(source.codePointAt(i) ?? 0);
    if (char === "\\") {
      const found = escaped(source, i, inClass);
      if (found === undefined) return undefined;
      out += found.text;
      i = found.end;
      continue;
    }
    const next = source.charAt(i + 1);
    if (inClass) {
      // Unions and intersections of classes are Java's alone.
      if (char === "[" || (char === "&" && next === "&")) return undefined;
      if (char === "]") inClass = false;
      out += /[(){}/|]/.test(char) ? `\\${char}` : char;
    } else if (char === "[") {
      const negated = next === "^";
      // A bracket that comes first is a letter to Java and the end to JavaScript.
      if (source.charAt(i + (negated ? 2 : 1)) === "]") return undefined;
      inClass = true;
      out += negated ? "[^" : "[";
      if (negated) i += 1;
    } else if (char === ".") out += ANY;
    else if (char === "$") return undefined;
    else if (char === "(" && next === "?" && !/^\(\?(?::|=|!|<=|<!)/.test(source.slice(i))) return undefined;
    else if (/[*+?}]/.test(char) && next === "+") return undefined;
    else if (char === "]" || char === "}") out += char === "}" && /\{\d+(?:,\d*)?$/.test(source.slice(0, i)) ? "}" : `\\${char}`;
    else if (char === "{" && !/^\{\d+(?:,\d*)?\}/.test(source.slice(i))) return undefined;
    else out += char === "/" ? "\\/" : char;
    i += char.length;
  }
  return inClass ? undefined : out;
}

function escaped(source: string, at: number, inClass: boolean): { readonly text: string; readonly end: number } | undefined {
  const char = source.charAt(at + 1);
  const end = at + 2;
  if (char === "s") return { text: inClass ? SPACE : `[${SPACE}]`, end };
  if (char === "S") return inClass ? undefined : { text: `[^${SPACE}]`, end };
  if (char === "p" || char === "P") {
    const name = /^\{(\w+)\}/.exec(source.slice(end))?.[1];
    if (name === undefined) return undefined;
    const after = end + name.length + 2;
    const posix = POSIX[name];
    if (posix !== undefined) {
      if (inClass) return char === "p" ? { text: posix, end: after } : undefined;
      return { text: `[${char === "P" ? "^" : ""}${posix}]`, end: after };
    }
    return CATEGORY.test(name) ? { text: `\\${char}{${name}}`, end: after } : undefined;
  }
  if (char === "0" || (inClass && /[bB]/.test(char))) return undefined;
  if (SAME_ESCAPES.includes(char) && char !== "") return { text: `\\${char}`, end };
  if (/[1-9]/.test(char)) return inClass || /\d/.test(source.charAt(end)) ? undefined : { text: `\\${char}`, end };
  if (char === "u") {
    const hex = /^[0-9A-Fa-f]{4}/.exec(source.slice(end))?.[0];
    return hex === undefined ? undefined : { text: `\\u${hex}`, end: end + 4 };
  }
  if (!LITERAL.test(char)) return undefined;
  return { text: /[\^$\\.*+?()[\]{}|/-]/.test(char) ? (char === "-" && !inClass ? "-" : `\\${char}`) : char, end };
}
