// Numbers, dates and addresses read from the bytes of a document, in the forms that they mostly have. bytes[from, to) is a JSON
// number, or the inside of an ASCII string.
import { standsAt } from "./scan_names.ts";

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
/** Digits that a double carries whatever they are. */
const SAFE_DIGITS = 15;
/** Powers of ten that are doubles. */
const TENS: readonly number[] = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/** How many digits a number without fraction and exponent has; 0 for others, and for -0. */
export function digitsOfWhole(bytes: Uint8Array, from: number, to: number): number {
  const start = bytes[from] === MINUS ? from + 1 : from;
  for (let i = start; i < to; i += 1) if (!isDigit(bytes[i])) return 0;
  return start > from && bytes[start] === ZERO ? 0 : to - start;
}

/** The value of a whole number of at most 15 digits. */
export function wholeAt(bytes: Uint8Array, from: number, to: number): number {
  const negative = bytes[from] === MINUS;
  const size = digitsAt(bytes, negative ? from + 1 : from, to);
  return negative ? -size : size;
}

/** The double of a decimal number: digits and a power of ten that are doubles give the nearest in one division. NaN for others. */
export function decimalAt(bytes: Uint8Array, from: number, to: number): number {
  const negative = bytes[from] === MINUS;
  let digits = 0;
  let fraction = -1;
  let value = 0;
  for (let i = negative ? from + 1 : from; i < to; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte === POINT) fraction = 0;
    else if (!isDigit(byte)) return Number.NaN;
    else {
      value = value * 10 + byte - ZERO;
      digits += 1;
      if (fraction >= 0) fraction += 1;
    }
  }
  if (digits > SAFE_DIGITS || (negative && value === 0)) return Number.NaN;
  const size = fraction > 0 ? value / (TENS[fraction] ?? Number.NaN) : value;
  return negative ? -size : size;
}

/** Epoch ms of `2024-02-29T12:34:56Z`, with three digits of a fraction or none; NaN for others. */
export function isoAt(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  const marked =
    bytes[from + 4] === MINUS &&
    bytes[from + 7] === MINUS &&
    bytes[from + 10] === 0x54 &&
    bytes[from + 13] === 0x3a &&
    bytes[from + 16] === 0x3a;
  if (!marked || bytes[to - 1] !== 0x5a || (length !== 20 && (length !== 24 || bytes[from + 19] !== POINT))) return Number.NaN;
  const part = (start: number, end: number): number => digitsAt(bytes, from + start, from + end);
  const [year, month, day] = [part(0, 4), part(5, 7), part(8, 10)];
  const [hour, minute, second] = [part(11, 13), part(14, 16), part(17, 19)];
  const ms = length === 24 ? part(20, 23) : 0;
  // What is not a number is not in any of these bounds either.
  if (!(year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= 28 + longer(year, month))) return Number.NaN;
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  return ((daysBefore(year, month, day) * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + ms;
}

/** Days of a month past 28. */
function longer(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 2 : 3;
}

/** Days between 1970 and a day of the Gregorian calendar. */
function daysBefore(year: number, month: number, day: number): number {
  // Years that begin in March, so that the day of a leap year is their last.
  const march = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return march * 365 + Math.floor(march / 4) - Math.floor(march / 100) + Math.floor(march / 400) + dayOfYear - 719_468;
}

/** Writes the 16 bytes of a dotted IPv4 address, mapped; false for others. */
export function mappedAddressAt(bytes: Uint8Array, from: number, to: number, into: Uint8Array): boolean {
  into.fill(0, 0, 10);
  into.fill(0xff, 10, 12);
  let start = from;
  for (let group = 0; group < 4; group += 1) {
    let end = start;
    while (end < to && isDigit(bytes[end])) end += 1;
    const value = digitsAt(bytes, start, end);
    if (end === start || end - start > 3 || value > 255 || (bytes[start] === ZERO && end - start > 1)) return false;
    into[12 + group] = value;
    if (group < 3 && bytes[end] !== POINT) return false;
    start = end + 1;
  }
  return start - 1 === to;
}

const COLON = 0x3a;
const GROUPS = 8;
const groups = new Uint16Array(GROUPS);

/** Writes the 16 bytes of an IPv6 address in groups of hexadecimal digits, `::` among them or not; false for others. */
export function addressAt(bytes: Uint8Array, from: number, to: number, into: Uint8Array): boolean {
  let count = 0;
  let gap = -1;
  let at = from;
  if (bytes[at] === COLON) {
    if (bytes[at + 1] !== COLON) return false;
    gap = 0;
    at += 2;
  }
  while (at < to) {
    const start = at;
    let group = 0;
    for (let digit = hexDigit(bytes[at]); digit >= 0 && at < to; digit = hexDigit(bytes[at])) {
      group = group * 16 + digit;
      at += 1;
    }
    if (at === start || at - start > 4 || count === GROUPS) return false;
    groups[count] = group;
    count += 1;
    if (at === to) break;
    if (bytes[at] !== COLON || at + 1 === to) return false;
    at += 1;
    if (bytes[at] !== COLON) continue;
    if (gap >= 0) return false;
    gap = count;
    at += 1;
  }
  if (gap < 0 ? count !== GROUPS : count === GROUPS) return false;
  into.fill(0);
  for (let i = 0; i < count; i += 1) {
    const place = gap < 0 || i < gap ? i : GROUPS - count + i;
    into[place * 2] = (groups[i] ?? 0) >> 8;
    into[place * 2 + 1] = (groups[i] ?? 0) & 0xff;
  }
  return true;
}

/** -1 for what is none. */
function hexDigit(byte = 0): number {
  if (isDigit(byte)) return byte - ZERO;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}

const LAT = Uint8Array.from(Buffer.from('"lat":'));
const LON = Uint8Array.from(Buffer.from('"lon":'));

/** `{"lat":48.85,"lon":2.35}`, in either order and without spaces; null for others. */
export function pointAt(bytes: Uint8Array, from: number, to: number): { readonly lat: number; readonly lon: number } | null {
  const comma = bytes.indexOf(0x2c, from);
  if (comma < 0 || comma > to || bytes[from] !== 0x7b) return null;
  const latFirst = standsAt(LAT, bytes, from + 1) && standsAt(LON, bytes, comma + 1);
  if (!latFirst && !(standsAt(LON, bytes, from + 1) && standsAt(LAT, bytes, comma + 1))) return null;
  const first = coordinateAt(bytes, from + 1 + LAT.length, comma);
  const second = coordinateAt(bytes, comma + 1 + LAT.length, to - 1);
  const [lat, lon] = latFirst ? [first, second] : [second, first];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : null;
}

function coordinateAt(bytes: Uint8Array, from: number, to: number): number {
  return isDigit(bytes[to - 1]) ? decimalAt(bytes, from, to) : Number.NaN;
}

/** NaN where one of them is no digit. */
function digitsAt(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i += 1) {
    if (!isDigit(bytes[i])) return Number.NaN;
    value = value * 10 + (bytes[i] ?? 0) - ZERO;
  }
  return value;
}

const BACKSLASH = 0x5c;
/** What stands for a character behind a backslash; 0 where a code does. */
const ESCAPED = new Uint8Array(128);
for (const [letter, meant] of Object.entries({ '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" })) {
  ESCAPED[letter.charCodeAt(0)] = meant.charCodeAt(0);
}

/** What the last unescape made; one for all calls. */
export const unescaped: { bytes: Uint8Array } = { bytes: new Uint8Array(4096) };

/** The inside of an ASCII string without its escapes, in `unescaped`; its length, -1 where it has one by code. */
export function withoutEscapes(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > unescaped.bytes.length) unescaped.bytes = new Uint8Array((to - from) * 2);
  const into = unescaped.bytes;
  let length = 0;
  for (let i = from; i < to; i += 1) {
    let byte = bytes[i] ?? 0;
    if (byte === BACKSLASH) {
      i += 1;
      byte = ESCAPED[bytes[i] ?? 0] ?? 0;
      if (byte === 0) return -1;
    }
    into[length] = byte;
    length += 1;
  }
  return length;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
