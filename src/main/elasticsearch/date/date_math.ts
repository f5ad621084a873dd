// Date math: `now-1d/d`, `2024-10||+1M/d`, or plain date text. Rounding up means the last moment of the unit; text without
// math is filled up to the end of its day (its month stays 1: `2024-10` rounded up is 1 October 23:59:59.999999999).
import { civilFromDays, DAY, dayOfWeek, daysFromCivil, daysInMonth } from "./civil.ts";
import { parseDate } from "./format.ts";
import type { Instant } from "./instant.ts";
import { instantOfLocal, type Zone, zoneOffset } from "./zone.ts";

export interface DateMathOptions {
  readonly format: string;
  /** Epoch ms that `now` means. */
  readonly now: number;
  readonly roundUp: boolean;
  /** The request's `time_zone`, from parseZone. */
  readonly zone?: Zone;
}

/** Elasticsearch refuses the text with this reason (a parse_exception). */
interface DateMathError {
  readonly error: string;
}

/** Evaluates date text with math. Never throws on bad text; throws on a format that isDateFormat refuses. */
export function parseDateMath(text: string, options: DateMathOptions): Instant | DateMathError {
  if (text.startsWith("now")) return applyMath(text.slice(3), { ms: options.now, nanos: 0 }, options);
  const bar = text.indexOf("||");
  const date = bar === -1 ? text : text.slice(0, bar);
  if (date === "") return { error: "cannot parse empty datetime" };
  const roundUp = bar === -1 && options.roundUp;
  const instant = parseDate(date, options.format, { roundUp, ...(options.zone === undefined ? {} : { zone: options.zone }) });
  if (instant === null) {
    const failed = `failed to parse date field [${date}] with format [${options.format}]`;
    return { error: `${failed}: [${failed}]` };
  }
  return bar === -1 ? instant : applyMath(text.slice(bar + 2), instant, options);
}

const STEP = /([-+/])(\d*)([A-Za-z])/y;

function applyMath(math: string, start: Instant, options: DateMathOptions): Instant | DateMathError {
  let instant = start;
  for (let i = 0; i < math.length; i = STEP.lastIndex) {
    STEP.lastIndex = i;
    const [, operator = "", digits = "", unit = ""] = STEP.exec(math) ?? [];
    if (operator === "") return { error: badStep(math, i) };
    const count = digits === "" ? 1 : Number(digits);
    const { zone = "Z" } = options;
    if (operator === "/" && count !== 1) return { error: `rounding \`/\` can only be used on single unit types [${math}]` };
    const next =
      operator === "/" ? round(instant, unit, zone, options.roundUp) : add(instant, operator === "-" ? -count : count, unit, zone);
    if (next === null) return { error: `unit [${unit}] not supported for date math [${math}]` };
    instant = next;
  }
  return instant;
}

function badStep(math: string, start: number): string {
  if (!/[-+/]/.test(math[start] ?? "")) return `operator not supported for date math [${math}]`;
  const unit = math.slice(start + 1).replace(/^\d+/, "")[0];
  return unit === undefined ? `truncated date math [${math}]` : `unit [${unit}] not supported for date math [${math}]`;
}

const FIXED: Readonly<Record<string, number>> = Object.freeze({ h: 3_600_000, H: 3_600_000, m: 60_000, s: 1000 });

// Hours and less move along the time line; days and more move the wall clock, whose offset is then looked up again.
function add(instant: Instant, count: number, unit: string, zone: Zone): Instant | null {
  const fixed = Object.hasOwn(FIXED, unit) ? FIXED[unit] : undefined;
  if (fixed !== undefined) return { ms: instant.ms + count * fixed, nanos: instant.nanos };
  const offset = zoneOffset(instant.ms, zone);
  const local = instant.ms + offset;
  const days = Math.floor(local / DAY);
  const moved = addDays(days, count, unit);
  return moved === null ? null : { ms: instantOfLocal(local + (moved - days) * DAY, zone, offset), nanos: instant.nanos };
}

function addDays(days: number, count: number, unit: string): number | null {
  if (unit === "d") return days + count;
  if (unit === "w") return days + 7 * count;
  if (unit !== "M" && unit !== "y") return null;
  const { year, month, day } = civilFromDays(days);
  const months = year * 12 + month - 1 + count * (unit === "y" ? 12 : 1);
  const toYear = Math.floor(months / 12);
  const toMonth = months - toYear * 12 + 1;
  return daysFromCivil(toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth)));
}

function round(instant: Instant, unit: string, zone: Zone, up: boolean): Instant | null {
  const offset = zoneOffset(instant.ms, zone);
  const local = floorLocal(instant.ms + offset, unit);
  if (local === null) return null;
  const floor: Instant = { ms: instantOfLocal(local, zone, offset), nanos: 0 };
  const next = up ? add(floor, 1, unit, zone) : null;
  return next === null ? floor : { ms: next.ms - 1, nanos: 0 };
}

function floorLocal(local: number, unit: string): number | null {
  const fixed = Object.hasOwn(FIXED, unit) ? FIXED[unit] : undefined;
  if (fixed !== undefined) return Math.floor(local / fixed) * fixed;
  const days = Math.floor(local / DAY);
  const { year, month } = civilFromDays(days);
  if (unit === "d") return days * DAY;
  if (unit === "w") return (days - dayOfWeek(days) + 1) * DAY;
  if (unit === "M") return daysFromCivil(year, month, 1) * DAY;
  return unit === "y" ? daysFromCivil(year, 1, 1) * DAY : null;
}
