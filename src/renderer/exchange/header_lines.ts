// Headers as lines of text that someone changes.
import type { HeaderPairs } from "../../shared/exchange.ts";

export function headerLines(headers: HeaderPairs): string {
  return headers.map(([name, value]) => `${name}: ${value}`).join("\n");
}

/** null where a line is no header. */
export function headersOf(lines: string): HeaderPairs | null {
  const headers: (readonly [string, string])[] = [];
  for (const line of lines.split("\n")) {
    if (line.trim() === "") continue;
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9a-z-]+):[ \t]*(.*?)[ \t]*$/i.exec(line) ?? [];
    if (name === undefined || value === undefined) return null;
    headers.push([name, value]);
  }
  return headers;
}
