// The built-in date formats. Each name has a lenient form (`date_time`: one digit may do) and a strict one
// (`strict_date_time`); both print strictly. Patterns use pattern.ts' letters.
import { compilePattern, type Pattern } from "./pattern.ts";

interface NamedFormat {
  /** Read by iso.ts rather than by pattern. */
  readonly iso: boolean;
  readonly printer: Pick<Pattern, "print">;
  parse(text: string): ReturnType<Pattern["parse"]>;
}

const ISO_PRINTER = "uuuu-MM-dd'T'HH:mm:ssfo";
const ISO_NAMES = new Set(["strict_date_optional_time", "strict_date_optional_time_nanos", "iso8601"]);

/** Strict pattern of each name, as it prints; the lenient form is derived from it. */
const STRICT: Readonly<Record<string, string>> = Object.freeze({
  date: "uuuu-MM-dd",
  date_hour: "uuuu-MM-dd'T'HH",
  date_hour_minute: "uuuu-MM-dd'T'HH:mm",
  date_hour_minute_second: "uuuu-MM-dd'T'HH:mm:ss",
  date_hour_minute_second_fraction: "uuuu-MM-dd'T'HH:mm:ssf",
  date_hour_minute_second_millis: "uuuu-MM-dd'T'HH:mm:ssf",
  date_time: ISO_PRINTER,
  date_time_no_millis: "uuuu-MM-dd'T'HH:mm:ssVV",
  hour: "HH",
  hour_minute: "HH:mm",
  hour_minute_second: "HH:mm:ss",
  hour_minute_second_fraction: "HH:mm:ssf",
  hour_minute_second_millis: "HH:mm:ssf",
  ordinal_date: "uuuu-DDD",
  ordinal_date_time: "uuuu-DDD'T'HH:mm:ssfo",
  ordinal_date_time_no_millis: "uuuu-DDD'T'HH:mm:sso",
  time: "HH:mm:ssfo",
  time_no_millis: "HH:mm:sso",
  t_time: "'T'HH:mm:ssfo",
  t_time_no_millis: "'T'HH:mm:sso",
  week_date: "YYYY-'W'ww-e",
  week_date_time: "YYYY-'W'ww-e'T'HH:mm:ssfo",
  week_date_time_no_millis: "YYYY-'W'ww-e'T'HH:mm:sso",
  weekyear: "YYYY",
  weekyear_week: "YYYY-'W'ww",
  weekyear_week_day: "YYYY-'W'ww-e",
  year: "uuuu",
  year_month: "uuuu-MM",
  year_month_day: "uuuu-MM-dd",
});

/** Names without separators: fixed widths whether strict or not. */
const BASIC: Readonly<Record<string, string>> = Object.freeze({
  basic_date: "uuuuMMdd",
  basic_date_time: "uuuuMMdd'T'HHmmssfo",
  basic_date_time_no_millis: "uuuuMMdd'T'HHmmsso",
  basic_ordinal_date: "uuuuDDD",
  basic_ordinal_date_time: "uuuuDDD'T'HHmmssfo",
  basic_ordinal_date_time_no_millis: "uuuuDDD'T'HHmmsso",
  basic_time: "HHmmssfo",
  basic_time_no_millis: "HHmmsso",
  basic_t_time: "'T'HHmmssfo",
  basic_t_time_no_millis: "'T'HHmmsso",
  basic_week_date: "YYYY'W'wwe",
  basic_week_date_time: "YYYY'W'wwe'T'HHmmssfX",
  basic_week_date_time_no_millis: "YYYY'W'wwe'T'HHmmssX",
});

/** What reads where that is neither the printed pattern nor its lenient form. */
const READ: Readonly<Record<string, string>> = Object.freeze({
  date_optional_time: "u[-M[-d]]['T'[H[:m[:s[ff]]]][o]]",
  date_time: "u[-M[-d]]'T'H:m[:sf]o",
  date_time_no_millis: "u[-M[-d]]'T'H:m[:s][o]",
  strict_date_time: "uuuu[-MM[-dd]]'T'HH:mm[:ssf]o",
  strict_date_time_no_millis: "uuuu[-MM[-dd]]'T'HH:mm[:ss]o",
});

/** Print as many digits of a second as there are. */
const NANOS = new Set(["strict_date_time", "ordinal_date_time", "strict_ordinal_date_time"]);

/** The built-in format of that name, or null. */
export function namedFormat(name: string): NamedFormat | null {
  if (name === "strict_date_optional_time_nanos") return build(ISO_PRINTER.replace("f", "fff"), "", true);
  if (ISO_NAMES.has(name) || name === "date_optional_time") return build(ISO_PRINTER, READ[name] ?? "", ISO_NAMES.has(name));
  const bare = name.replace(/^strict_/, "");
  const printed = own(BASIC, bare) ?? own(STRICT, bare);
  if (printed === undefined) return null;
  const strict = bare !== name || own(BASIC, bare) !== undefined;
  const shown = NANOS.has(name) ? printed.replace("f", "fff") : printed;
  return build(shown, own(READ, name) ?? (strict ? strictly(name, printed) : lenient(printed)), false);
}

function own(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

// Month and day may be absent before a time too: `2024T10` is read as 1 January. Only strict_date wants all three.
function strictly(name: string, pattern: string): string {
  const read = pattern.replace(/X$/, "o");
  return name === "strict_date" ? read : read.replace("uuuu-MM-dd", "uuuu[-MM[-dd]]");
}

function lenient(pattern: string): string {
  return pattern
    .replace("uuuu-MM-dd", "uuuu[-MM[-dd]]")
    .replace(/'[^']*'|([A-Za-z])\1+/g, (run, letter: string | undefined) => letter ?? run);
}

function build(printed: string, read: string, iso: boolean): NamedFormat | null {
  const printer = compilePattern(printed, true);
  const reader = compilePattern(read, true);
  return printer === null || reader === null ? null : { iso, printer, parse: reader.parse };
}
