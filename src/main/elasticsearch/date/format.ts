// Date formats as mappings and requests name them: built-in names, Java patterns, and several joined by `||`. A format reads
// with each of its alternatives in turn and prints with the first.
import { type DateParts, type Instant, type ResolveOptions, resolve } from "./instant.ts";
import { parseIso } from "./iso.ts";
import { namedFormat } from "./named_formats.ts";
import { compilePattern } from "./pattern.ts";
import { parseZone, type Zone } from "./zone.ts";

/** The format of a `date` field that names none. */
export const DEFAULT_FORMAT = "strict_date_optional_time||epoch_millis";
/** The format of a `date_nanos` field that names none. */
export const DEFAULT_NANOS_FORMAT = "strict_date_optional_time_nanos||epoch_millis";

/** One alternative of a format. */
interface Formatter {
  parse(text: string, roundUp: boolean): DateParts | null;
  print(ms: number, nanos: number, zone: Zone): string;
}

const formats = new Map<string, readonly Formatter[] | null>();

/** True when every alternative is one that we read and print exactly. */
export function isDateFormat(format: string): boolean {
  return formattersOf(format) !== null;
}

/** The moment that `text` means by `format`; null when no alternative reads it. Throws on a format that isDateFormat refuses. */
export function parseDate(text: string, format: string, options: ResolveOptions = {}): Instant | null {
  for (const formatter of known(format)) {
    const parts = formatter.parse(text, options.roundUp === true);
    const instant = parts === null ? null : resolve(parts, options);
    if (instant !== null) return instant;
  }
  return null;
}

/**
 * Epoch `ms` as Elasticsearch prints it: key_as_string, docvalue_fields, `fields`. `zone` is any zone text; absent is UTC.
 * Throws on a format that isDateFormat refuses.
 */
export function formatDate(ms: number | bigint, format: string = DEFAULT_FORMAT, zone = "Z", nanos = 0): string {
  const parsed = zone === "Z" ? zone : parseZone(zone);
  if (parsed === null) throw new Error(`no time zone: ${zone}`);
  return known(format)[0]?.print(Number(ms), nanos, parsed) ?? String(ms);
}

function known(format: string): readonly Formatter[] {
  const formatters = formattersOf(format);
  if (formatters === null) throw new Error(`date format [${format}] is not known: ask isDateFormat first`);
  return formatters;
}

function formattersOf(format: string): readonly Formatter[] | null {
  const cached = formats.get(format);
  if (cached !== undefined) return cached;
  const alternatives = format.split("||").map((part) => formatterOf(part.trim().replace(/^8(?=.)/, "")));
  const all = alternatives.filter((each) => each !== null);
  const result = all.length === alternatives.length ? Object.freeze(all) : null;
  formats.set(format, result);
  return result;
}

function formatterOf(name: string): Formatter | null {
  if (name === "epoch_millis") return epochFormatter(1, 6);
  if (name === "epoch_second") return epochFormatter(1000, 9);
  const named = namedFormat(name);
  // Elasticsearch's basic_date is of UTC, whatever the request's zone, except when rounding up.
  if (named !== null && name === "basic_date") {
    return { ...named.printer, parse: (text, roundUp) => (roundUp ? named.parse(text) : inUtc(named.parse(text))) };
  }
  if (named !== null && name === "strict_date_optional_time_nanos") return { ...named.printer, parse: parseWholeTime };
  if (named !== null) return named.iso ? { ...named.printer, parse: parseIso } : { ...named.printer, parse: named.parse };
  return /^[a-z_0-9]*_[a-z_]*$/.test(name) ? null : compilePattern(name);
}

/** As ISO, but a time is given to the second or not at all. */
function parseWholeTime(text: string): DateParts | null {
  const parts = parseIso(text);
  return parts !== null && parts.second === undefined && text.includes("T") ? null : parts;
}

function inUtc(parts: DateParts | null): DateParts | null {
  return parts === null ? null : { ...parts, zone: "Z" };
}

const EPOCH = /^(-?)(\d{1,19})(?:\.(\d*))?$/;

/** Whole units of `unit` ms with a fraction of at most `digits` digits: 6 below a millisecond, 9 below a second. */
function epochFormatter(unit: number, digits: number): Formatter {
  const nanosPerUnit = unit * 1_000_000;
  return {
    parse(text, roundUp) {
      const [, sign = "", whole = "", fraction] = EPOCH.exec(text) ?? [];
      if (whole === "" || (fraction !== undefined && fraction.length > digits)) return null;
      const given = fraction !== undefined && fraction !== "";
      const size = given ? Number(fraction.padEnd(digits, "0")) : roundUp ? nanosPerUnit - 1 : 0;
      const nanos = sign === "" || !given ? size : -size;
      const below = Math.floor(nanos / 1_000_000);
      const ms = Number(`${sign}${whole}`) * unit + below;
      return Number.isSafeInteger(ms) ? { epoch: { ms: ms === 0 ? 0 : ms, nanos: nanos - below * 1_000_000 } } : null;
    },
    print(ms, nanos) {
      const total = BigInt(ms) * 1_000_000n + BigInt(nanos);
      const size = total < 0n ? -total : total;
      const rest = String(size % BigInt(nanosPerUnit))
        .padStart(digits, "0")
        .replace(/0+$/, "");
      return `${total < 0n ? "-" : ""}${size / BigInt(nanosPerUnit)}${rest === "" ? "" : `.${rest}`}`;
    },
  };
}
