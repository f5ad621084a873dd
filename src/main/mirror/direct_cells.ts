// The cells of a field's usual values, written from the bytes of the document: the same that its type's docValues and the cell
// writers make, without a value between. Whatever is not usual they leave alone.
import { member } from "../../shared/json.ts";
import type { RowBinaryWriter } from "../clickhouse/rowbinary.ts";
import { found, wordsOfBytes } from "../elasticsearch/analysis/ascii_words.ts";
import { analyzerOf } from "../elasticsearch/analysis/index.ts";
import { MAX_TOKEN, standard } from "../elasticsearch/analysis/standard.ts";
import { storedPoint } from "../elasticsearch/fields/geo_point.ts";
import { ignoreAbove } from "../elasticsearch/fields/keyword.ts";
import type { Field } from "../elasticsearch/mapping.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import {
  addressAt,
  decimalAt,
  digitsOfWhole,
  isoAt,
  mappedAddressAt,
  pointAt,
  unescaped,
  wholeAt,
  withoutEscapes,
} from "./direct_values.ts";
import { type DocumentScan, VALUE } from "./document_scan.ts";

/**
 * Writes all cells of a field that has values. Gives the length of its list; NOT_USUAL where it wrote nothing and the values have
 * to be read.
 */
export type DirectCells = (out: RowBinaryWriter, scan: DocumentScan, slot: number) => number;

export const NOT_USUAL = -1;
/** Values of one list that are sorted here. */
const MOST_SORTED = 32;

/** null for fields whose values are always read. `moment` is told of dates, epoch ms. */
export function directCells(field: Field, moment: (time: number) => void): DirectCells | null {
  switch (field.type) {
    case "keyword":
    case "wildcard":
      return member(field.params, "normalizer") === undefined ? keywords(field) : null;
    case "text":
    case "match_only_text":
      return analyzerOf(field) === standard ? words : null;
    case "long":
      return single(wholeNumber(18, (out, value) => out.safeInt64(value)));
    case "integer":
      return single(wholeNumber(9, (out, value) => out.int(value, 4)));
    case "short":
      return single(wholeNumber(4, (out, value) => out.int(value, 2)));
    case "byte":
      return single(wholeNumber(2, (out, value) => out.int(value, 1)));
    case "double":
      return single(double);
    case "date":
      return member(field.params, "format") === undefined ? single(date(moment)) : null;
    case "boolean":
      return single(boolean);
    case "ip":
      return single(address);
    case "geo_point":
      return single(point);
    default:
      return null;
  }
}

/** Writes one value; false where it is not usual, and nothing is written. */
type WriteValue = (out: RowBinaryWriter, bytes: Uint8Array, kind: number, from: number, to: number) => boolean;

/** Lists of one value. */
function single(write: WriteValue): DirectCells {
  return (out, scan, slot) => {
    if (scan.counts[slot] !== 1) return NOT_USUAL;
    const value = scan.first[slot] ?? 0;
    const { length } = out;
    out.varint(1);
    if (write(out, scan.bytes, scan.kinds[value] ?? 0, scan.from[value] ?? 0, scan.to[value] ?? 0)) return 1;
    out.truncate(length);
    return NOT_USUAL;
  };
}

/** Whole numbers of so many digits, which the type holds whatever they are. */
function wholeNumber(digits: number, write: (out: RowBinaryWriter, value: number) => void): WriteValue {
  return (out, bytes, kind, from, to) => {
    if (kind !== VALUE.number) return false;
    const length = digitsOfWhole(bytes, from, to);
    if (length < 1 || length > digits) return false;
    // More digits than a double carries: long alone lets them through.
    if (length > 15) out.int64(BigInt(textOf(bytes.subarray(from, to))));
    else write(out, wholeAt(bytes, from, to));
    return true;
  };
}

const double: WriteValue = (out, bytes, kind, from, to) => {
  const value = kind === VALUE.number ? decimalAt(bytes, from, to) : Number.NaN;
  if (Number.isNaN(value)) return false;
  out.float64(value);
  return true;
};

function date(moment: (time: number) => void): WriteValue {
  return (out, bytes, kind, from, to) => {
    const time = kind === VALUE.ascii ? isoAt(bytes, from, to) : kind === VALUE.number ? epochAt(bytes, from, to) : Number.NaN;
    if (Number.isNaN(time)) return false;
    moment(time);
    out.safeInt64(time);
    return true;
  };
}

// Four digits may be a year.
function epochAt(bytes: Uint8Array, from: number, to: number): number {
  const length = digitsOfWhole(bytes, from, to);
  return length >= 5 && length <= 15 && length === to - from ? wholeAt(bytes, from, to) : Number.NaN;
}

const boolean: WriteValue = (out, _bytes, kind) => {
  if (kind !== VALUE.true && kind !== VALUE.false) return false;
  out.int(kind === VALUE.true ? 1 : 0, 1);
  return true;
};

const ADDRESS = new Uint8Array(16);

const address: WriteValue = (out, bytes, kind, from, to) => {
  if (kind !== VALUE.ascii || !(mappedAddressAt(bytes, from, to, ADDRESS) || addressAt(bytes, from, to, ADDRESS))) return false;
  out.fixed(ADDRESS);
  return true;
};

const point: WriteValue = (out, bytes, kind, from, to) => {
  const read = kind === VALUE.compound ? pointAt(bytes, from, to) : null;
  if (read === null) return false;
  const [lat, lon] = storedPoint(read);
  out.float64(lat);
  out.float64(lon);
  return true;
};

// One ASCII text: its words, their positions, and that it is one value.
const words: DirectCells = (out, scan, slot) => {
  const value = scan.first[slot] ?? 0;
  if (scan.counts[slot] !== 1) return NOT_USUAL;
  const [kind, from, to] = [scan.kinds[value], scan.from[value] ?? 0, scan.to[value] ?? 0];
  if (kind === VALUE.ascii) return writeWords(out, scan.bytes, from, to);
  const length = kind === VALUE.escaped ? withoutEscapes(scan.bytes, from, to) : -1;
  return length < 0 ? NOT_USUAL : writeWords(out, unescaped.bytes, 0, length);
};

function writeWords(out: RowBinaryWriter, bytes: Uint8Array, from: number, to: number): number {
  const count = wordsOfBytes(bytes, from, to, MAX_TOKEN);
  out.smallSlices(bytes, from, found.bounds, count);
  out.numbersUpTo(count);
  out.int(1, 4);
  return count;
}

const sorted = new Int32Array(MOST_SORTED);

/** A set of texts in the order of their bytes, without those that are too long. */
function keywords(field: Field): DirectCells {
  const limit = ignoreAbove(field);
  const nullsFall = member(field.params, "null_value") === undefined;
  return (out, scan, slot) => {
    const { bytes, kinds, from, to } = scan;
    if ((scan.counts[slot] ?? 0) > MOST_SORTED) return NOT_USUAL;
    let count = 0;
    for (let value = scan.first[slot] ?? NOT_USUAL; value >= 0; value = scan.next[value] ?? NOT_USUAL) {
      const kind = kinds[value];
      if (kind === VALUE.string || kind === VALUE.escaped || kind === VALUE.compound || (kind === VALUE.null && !nullsFall))
        return NOT_USUAL;
      if (kind === VALUE.null) continue;
      if ((to[value] ?? 0) - (from[value] ?? 0) <= limit) count = placed(scan, value, count);
      // It may have fewer characters than bytes.
      else if (kind === VALUE.utf8) return NOT_USUAL;
    }
    out.varint(count);
    for (let i = 0; i < count; i += 1) out.slice(bytes, from[sorted[i] ?? 0] ?? 0, to[sorted[i] ?? 0] ?? 0);
    return count;
  };
}

/** Puts a value into its place among `count` sorted ones, unless it is there; how many there are then. */
function placed(scan: DocumentScan, value: number, count: number): number {
  let place = count;
  for (; place > 0; place -= 1) {
    const order = compared(scan, value, sorted[place - 1] ?? 0);
    if (order === 0) return count;
    if (order > 0) break;
  }
  sorted.copyWithin(place + 1, place, count);
  sorted[place] = value;
  return count + 1;
}

function compared({ bytes, from, to }: DocumentScan, a: number, b: number): number {
  const [startA, startB] = [from[a] ?? 0, from[b] ?? 0];
  const [lengthA, lengthB] = [(to[a] ?? 0) - startA, (to[b] ?? 0) - startB];
  for (let i = 0; i < lengthA && i < lengthB; i += 1) {
    const order = (bytes[startA + i] ?? 0) - (bytes[startB + i] ?? 0);
    if (order !== 0) return order;
  }
  return lengthA - lengthB;
}
