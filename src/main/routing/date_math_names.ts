// Date math in index names: `<logs-{now/d{yyyy.MM.dd|+12:00}}>` → `logs-2026.11.22`, as Elasticsearch reads it: the format is
// uuuu.MM.dd and the zone UTC where none is said; `\` takes a brace for itself. Pure.
import { parseDateMath } from "../elasticsearch/date/date_math.ts";
import { formatDate, isDateFormat } from "../elasticsearch/date/format.ts";
import { parseZone } from "../elasticsearch/date/zone.ts";

const DEFAULT_FORMAT = "uuuu.MM.dd";

/** An index expression with its date math reckoned at `now` (epoch ms); what can't be read stays as it is. */
export function plainNames(expression: string, now: number): string {
  return expression.includes("<")
    ? expression.replaceAll(/<([^<>]*)>/g, (whole, name: string) => plainName(name, now) ?? whole)
    : expression;
}

const PIECE = /\\(.)|\{((?:[^{}]|\{[^{}]*\})*)\}|([^\\{}])/gy;

function plainName(name: string, now: number): string | null {
  let plain = "";
  let end = 0;
  for (const [piece, escaped, math, text] of name.matchAll(PIECE)) {
    const own = math === undefined ? (escaped ?? text ?? "") : dateOf(math, now);
    if (own === null) return null;
    plain += own;
    end += piece.length;
  }
  return end === name.length ? plain : null;
}

function dateOf(text: string, now: number): string | null {
  const [, math = "", format = DEFAULT_FORMAT, named = "UTC"] = /^([^{}]+?)(?:\{([^|{}]+)(?:\|([^{}]+))?\})?$/.exec(text) ?? [];
  const zone = parseZone(named);
  if (math === "" || zone === null || !isDateFormat(format)) return null;
  const instant = parseDateMath(math, { format, now, roundUp: false, zone });
  return "error" in instant ? null : formatDate(instant.ms, format, zone);
}
