// Time zones: what text names one, and how far it is from UTC at a moment. Offsets are cached as the transitions that lie in
// blocks of 2^31 ms (25 days), because asking Intl costs microseconds each time.

/** `Z`, a canonical offset such as `+05:45`, or an IANA name. What parseZone returns. */
export type Zone = string;

const OFFSET = /^([+-])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?$/;
/** Three-letter names that Java's ZoneId.SHORT_IDS turns into offsets. */
const FIXED_SHORT = new Map([
  ["EST", "-05:00"],
  ["MST", "-07:00"],
  ["HST", "-10:00"],
]);

/** The zone that a text names (as `ZoneId.of`: `Z`, `UTC`, `+2`, `+02:00`, `UTC+02:00`, `Europe/Paris`), or null. */
export function parseZone(text: string): Zone | null {
  const known = zones.get(text);
  if (known !== undefined) return known;
  const zone = readZone(text);
  zones.set(text, zone);
  return zone;
}

const zones = new Map<string, Zone | null>();

function readZone(text: string): Zone | null {
  if (text === "Z") return "Z";
  const fixed = FIXED_SHORT.get(text);
  if (fixed !== undefined) return fixed;
  const prefixed = /^(?:UTC|GMT|UT)(?=$|[+-])(.*)$/.exec(text);
  const offset = OFFSET.exec(prefixed === null ? text : (prefixed[1] ?? ""));
  if (offset !== null) return offsetZone(offset);
  if (prefixed?.[1] === "") return "Z";
  return /^[A-Z][A-Za-z0-9~/._+-]+$/.test(text) && isRegion(text) ? text : null;
}

function offsetZone([, sign = "+", hours = "0", minutes = "00", seconds = "00"]: readonly string[]): Zone | null {
  if (Number(hours) > 18 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  if (Number(hours) === 0 && Number(minutes) === 0 && Number(seconds) === 0) return "Z";
  return `${sign}${hours.padStart(2, "0")}:${minutes}${seconds === "00" ? "" : `:${seconds}`}`;
}

function isRegion(name: string): boolean {
  try {
    calendarOf(name);
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds to add to UTC for the zone's wall clock at epoch `ms`. */
export function zoneOffset(ms: number, zone: Zone): number {
  if (zone === "Z") return 0;
  const fixed = fixedOffset(zone);
  return fixed === null ? regionOffset(ms, zone) : fixed;
}

/** The offset of a zone that has but one; null for a region. */
export function fixedOffset(zone: Zone): number | null {
  const known = fixedOffsets.get(zone);
  if (known !== undefined) return known;
  const match = zone === "Z" ? null : OFFSET.exec(zone);
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = match ?? [];
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  const offset = zone === "Z" ? 0 : match === null ? null : sign === "-" ? -size : size;
  fixedOffsets.set(zone, offset);
  return offset;
}

const fixedOffsets = new Map<Zone, number | null>();

/**
 * Epoch ms of a wall-clock time in a zone, as Java's ZonedDateTime resolves it: a time that occurs twice takes `preferred`
 * where that is one of the two offsets, else the earlier; a time that is skipped moves forward by what was skipped.
 */
export function instantOfLocal(local: number, zone: Zone, preferred?: number): number {
  const fixed = fixedOffset(zone);
  if (fixed !== null) return local - fixed;
  const before = regionOffset(local - DAY_MS, zone);
  const after = regionOffset(local + DAY_MS, zone);
  const early = local - Math.max(before, after);
  const late = local - Math.min(before, after);
  const offsets = [regionOffset(early, zone), regionOffset(late, zone)].filter((offset) => regionOffset(local - offset, zone) === offset);
  if (preferred !== undefined && offsets.includes(preferred)) return local - preferred;
  // The earlier of two is the one with the greater offset; in a gap the offset before it counts.
  return local - (offsets.length > 0 ? Math.max(...offsets) : Math.min(before, after));
}

const DAY_MS = 86_400_000;

// A block: the offset at its start and each change within, as [from ms, offset] in order.
type Block = readonly (readonly [from: number, offset: number])[];

const BLOCK = 2 ** 31;
const PROBES = 8;
const regions = new Map<Zone, Map<number, Block>>();

function regionOffset(ms: number, zone: Zone): number {
  let blocks = regions.get(zone);
  if (blocks === undefined) {
    blocks = new Map();
    regions.set(zone, blocks);
  }
  const number = Math.floor(ms / BLOCK);
  let block = blocks.get(number);
  if (block === undefined) {
    block = findBlock(number * BLOCK, zone);
    blocks.set(number, block);
  }
  let offset = 0;
  for (const [from, value] of block) if (from <= ms) offset = value;
  return offset;
}

function findBlock(start: number, zone: Zone): Block {
  const calendar = calendarOf(zone);
  const block: (readonly [number, number])[] = [[start, askOffset(start, calendar)]];
  let left = start;
  let leftOffset = block[0]?.[1] ?? 0;
  for (let probe = 1; probe <= PROBES; probe += 1) {
    const right = start + (BLOCK / PROBES) * probe;
    const rightOffset = askOffset(right, calendar);
    if (rightOffset !== leftOffset) block.push([findChange(left, right, leftOffset, calendar), rightOffset]);
    left = right;
    leftOffset = rightOffset;
  }
  return block;
}

function findChange(low: number, high: number, lowOffset: number, calendar: Intl.DateTimeFormat): number {
  let left = low;
  let right = high;
  while (right - left > 1) {
    const middle = Math.floor((left + right) / 2);
    if (askOffset(middle, calendar) === lowOffset) left = middle;
    else right = middle;
  }
  return right;
}

const calendars = new Map<Zone, Intl.DateTimeFormat>();

function calendarOf(zone: Zone): Intl.DateTimeFormat {
  let calendar = calendars.get(zone);
  if (calendar === undefined) {
    calendar = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset", year: "numeric" });
    calendars.set(zone, calendar);
  }
  return calendar;
}

/** Intl's own answer: `GMT+05:45`, `GMT-00:01:15`. */
function askOffset(ms: number, calendar: Intl.DateTimeFormat): number {
  const clamped = Math.max(-8.64e15, Math.min(8.64e15, ms));
  const name = calendar.formatToParts(clamped).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  return name === "GMT" ? 0 : (fixedOffset(name.replace(/^GMT/, "")) ?? 0);
}
