// Numbers and times as the window writes them: thousands by thin space, unit after a thin space, `–` for "there is none".
const THIN = "\u2009";
export const NONE = "–";

/** 48217 → `48 217`. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : groupDigits(String(value));
}

/** Thousands apart in the integer part of a number's text, whatever its length; any other text stays as it is. */
export function groupDigits(text: string): string {
  const match = /^(-?)([0-9]+)(\.[0-9]+)?$/.exec(text);
  if (match === null) return text;
  const [, sign = "", whole = "", fraction = ""] = match;
  return `${sign === "-" ? "−" : ""}${whole.replace(/\B(?=([0-9]{3})+$)/g, THIN)}${fraction}`;
}

/** Milliseconds without their unit: `186`, `4.2`, `0.4`. */
export function ms(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  return value < 10 ? String(Math.round(value * 10) / 10) : count(Math.round(value));
}

/** Milliseconds with one decimal and the unit: `186.3 ms`, `12.4 s`. */
export function duration(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  return value < 10_000 ? `${groupDigits(value.toFixed(1))}${THIN}ms` : `${(value / 1000).toFixed(1)}${THIN}s`;
}

/** Seconds with one decimal and the unit: `1.2 s`. */
export function seconds(value: number): string {
  return `${groupDigits(value.toFixed(1))}${THIN}s`;
}

/** µs with their unit: `214 µs`, `41.2 ms`. */
export function micros(value: number): string {
  return value < 1_000 ? `${Math.round(value)}${THIN}µs` : duration(value / 1000);
}

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Bytes: exact below 100 kB, then in three digits. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  if (value < 100_000) return `${count(value)}${THIN}B`;
  const power = Math.min(Math.floor(Math.log10(value) / 3), UNITS.length - 1);
  return `${(value / 1000 ** power).toPrecision(3)}${THIN}${UNITS[power] ?? "B"}`;
}

/** Times faster, of the slower to the faster side: `4.2×`. */
export function times(slower: number, faster: number): string {
  const ratio = slower / faster;
  return `${ratio >= 100 ? count(Math.round(ratio)) : ratio.toFixed(1)}×`;
}

/** Local time of day; `parts` keeps the milliseconds apart, so that they can be dimmed. */
export function clock(epochMs: number): { readonly time: string; readonly millis: string } {
  const date = new Date(epochMs);
  const two = (n: number) => String(n).padStart(2, "0");
  return {
    time: `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`,
    millis: `.${String(date.getMilliseconds()).padStart(3, "0")}`,
  };
}

/** Local date and time, the same in every locale: `2026-11-22 14:08:31`. */
export function dateTime(epochMs: number): string {
  const date = new Date(epochMs);
  const [year, month, day] = [String(date.getFullYear()), String(date.getMonth() + 1), String(date.getDate())];
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")} ${clock(epochMs).time}`;
}

/** A share in percent: `93 %`, never 100 % unless it is all, never 0 % unless it is nothing. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return NONE;
  const value = (part / whole) * 100;
  if (part === whole) return `100${THIN}%`;
  if (part === 0) return `0${THIN}%`;
  return `${Math.min(99.9, Math.max(0.1, value)).toFixed(value > 99 || value < 1 ? 1 : 0)}${THIN}%`;
}
