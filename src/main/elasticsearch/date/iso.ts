// `strict_date_optional_time` and its kin, by hand: the format of nearly every date, read for every document. Fixed widths, so
// it looks at character codes only.
import type { DateParts } from "./instant.ts";
import { parseZone } from "./zone.ts";

/** Reads `uuuu[-MM[-dd[T[HH[:mm[:ss[.n]]]][zone]]]]`; null when it is not that. A fraction may begin with a comma. */
export function parseIso(text: string): DateParts | null {
  if (text.charCodeAt(0) === 45) {
    const parts = parseIso(text.slice(1));
    if (parts?.year === undefined) return null;
    parts.year = -parts.year;
    return parts;
  }
  const length = text.length;
  const parts: DateParts = {};
  const year = digits(text, 0, 4);
  if (year < 0) return null;
  parts.year = year;
  if (length === 4) return parts;
  const month = text[4] === "-" ? digits(text, 5, 7) : -1;
  if (month < 0) return null;
  parts.month = month;
  if (length === 7) return parts;
  const day = text[7] === "-" ? digits(text, 8, 10) : -1;
  if (day < 0) return null;
  parts.day = day;
  if (length === 10) return parts;
  return text[10] === "T" ? parseTime(text, parts) : null;
}

function parseTime(text: string, parts: DateParts): DateParts | null {
  const length = text.length;
  if (length === 11) return parts;
  const hour = digits(text, 11, 13);
  if (hour < 0) return null;
  parts.hour = hour;
  if (length === 13) return parts;
  if (text[13] !== ":") return withZone(text, 13, parts);
  const minute = digits(text, 14, 16);
  if (minute < 0) return null;
  parts.minute = minute;
  if (length === 16) return parts;
  if (text[16] !== ":") return withZone(text, 16, parts);
  const second = digits(text, 17, 19);
  if (second < 0) return null;
  parts.second = second;
  if (length === 19) return parts;
  return text[19] === "." || text[19] === "," ? parseFraction(text, parts) : withZone(text, 19, parts);
}

function parseFraction(text: string, parts: DateParts): DateParts | null {
  let nano = 0;
  let end = 20;
  for (; end < text.length && end < 29; end += 1) {
    const digit = text.charCodeAt(end) - 48;
    if (digit < 0 || digit > 9) break;
    nano = nano * 10 + digit;
  }
  if (end === 20) return null;
  parts.nano = nano * 10 ** (29 - end);
  return end === text.length ? parts : withZone(text, end, parts);
}

function withZone(text: string, start: number, parts: DateParts): DateParts | null {
  const zone = parseZone(text.slice(start));
  if (zone === null) return null;
  parts.zone = zone;
  return parts;
}

/** The number that the characters from `start` to `end` are; -1 unless all are digits. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}
