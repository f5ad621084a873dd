// ClickHouse's RowBinary, written from JavaScript values: the fastest way in (docs/translation.md has the figures), and
// verbatim for strings. One writer a batch; it grows by doubling.

/** A value for a column, by its type: String takes text or bytes, Int64/UInt64 a bigint or a safe integer. */
export type Cell = string | Uint8Array | number | bigint | readonly Cell[];
export type WriteCell = (out: RowBinaryWriter, value: Cell) => void;

const INITIAL_BYTES = 64 * 1024;
const MOST_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
/** Each byte, ASCII capitals as small letters. */
const SMALL = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));
/** 0, 1, … as UInt32. */
const NUMBERS = Buffer.concat(Array.from({ length: 256 }, (_, number) => Buffer.from(Uint32Array.of(number).buffer)));

export class RowBinaryWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(initialBytes = INITIAL_BYTES) {
    this.#buffer = Buffer.allocUnsafe(initialBytes);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written; valid until the next write. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Takes back what was written after `length`. */
  truncate(length: number): void {
    this.#length = Math.min(length, this.#length);
  }

  varint(value: number): void {
    this.#reserve(5);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#length++] = rest;
  }

  text(value: string): void {
    // Three bytes a UTF-16 unit is the most that UTF-8 takes.
    this.#reserve(value.length * 3 + 5);
    if (value.length < 43) {
      // The length's varint is one byte for up to 127 bytes: written in place, then filled in.
      const written = this.#buffer.write(value, this.#length + 1);
      this.#buffer[this.#length] = written;
      this.#length += written + 1;
      return;
    }
    this.varint(Buffer.byteLength(value));
    this.#length += this.#buffer.write(value, this.#length);
  }

  raw(value: Uint8Array): void {
    this.varint(value.byteLength);
    this.fixed(value);
  }

  /** Bytes without a length: IPv6, FixedString, bytes that were written before. */
  fixed(value: Uint8Array): void {
    this.#reserve(value.byteLength);
    this.#copy(value, 0, value.byteLength);
  }

  /** source[from, to) as a String. */
  slice(source: Uint8Array, from: number, to: number): void {
    this.varint(to - from);
    this.#reserve(to - from);
    this.#copy(source, from, to);
  }

  /** `count` slices as Array(String), their ASCII capitals small: slice i is source[from + bounds[2i], from + bounds[2i + 1]). */
  smallSlices(source: Uint8Array, from: number, bounds: Int32Array, count: number): void {
    this.varint(count);
    for (let i = 0; i < count; i += 1) {
      const start = from + (bounds[i * 2] ?? 0);
      const end = from + (bounds[i * 2 + 1] ?? 0);
      this.varint(end - start);
      this.#reserve(end - start);
      this.#copySmall(source, start, end);
    }
  }

  /** 0, 1, … as Array(UInt32) of `count`. */
  numbersUpTo(count: number): void {
    this.varint(count);
    this.#reserve(count * 4);
    if (count <= NUMBERS.length / 4) NUMBERS.copy(this.#buffer, this.#length, 0, count * 4);
    else for (let i = 0; i < count; i += 1) this.#buffer.writeUInt32LE(i, this.#length + i * 4);
    this.#length += count * 4;
  }

  // Calling a copy costs more than forty bytes one by one.
  #copy(source: Uint8Array, from: number, to: number): void {
    const buffer = this.#buffer;
    const start = this.#length - from;
    if (to - from > 40) buffer.set(source.subarray(from, to), this.#length);
    else for (let i = from; i < to; i += 1) buffer[start + i] = source[i] ?? 0;
    this.#length += to - from;
  }

  #copySmall(source: Uint8Array, from: number, to: number): void {
    const buffer = this.#buffer;
    const start = this.#length - from;
    for (let i = from; i < to; i += 1) buffer[start + i] = SMALL[source[i] ?? 0] ?? 0;
    this.#length += to - from;
  }

  int64(value: bigint): void {
    if (value >= 0n && value <= MOST_SAFE) {
      this.safeInt64(Number(value));
      return;
    }
    this.#reserve(8);
    this.#length = this.#buffer.writeBigInt64LE(BigInt.asIntN(64, value), this.#length);
  }

  /** A safe integer as Int64, without the detour by bigint. */
  safeInt64(value: number): void {
    const high = Math.floor(value / 2 ** 32);
    this.int(value - high * 2 ** 32, 4);
    this.int(high, 4);
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeDoubleLE(value, this.#length);
  }

  float32(value: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeFloatLE(value, this.#length);
  }

  /** Unsigned or two's complement, `bytes` of 1, 2 or 4. */
  int(value: number, bytes: 1 | 2 | 4): void {
    this.#reserve(bytes);
    let rest = value | 0;
    for (let i = 0; i < bytes; i += 1) {
      this.#buffer[this.#length++] = rest & 0xff;
      rest >>= 8;
    }
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}

/** The writer for a ClickHouse type. Throws for a type that the mirror never makes. */
export function cellWriter(type: string): WriteCell {
  const array = /^Array\((.*)\)$/.exec(type)?.[1];
  if (array !== undefined) return arrayWriter(cellWriter(array));
  const tuple = /^Tuple\((.*)\)$/.exec(type)?.[1];
  if (tuple !== undefined) return tupleWriter(tuple.split(",").map((item) => cellWriter(item.trim())));
  const scalar = SCALARS[type];
  if (scalar === undefined) throw new Error(`no RowBinary writer for ${type}`);
  return scalar;
}

function arrayWriter(item: WriteCell): WriteCell {
  return (out, value) => {
    const items = listOf(value);
    out.varint(items.length);
    for (const one of items) item(out, one);
  };
}

function tupleWriter(items: readonly WriteCell[]): WriteCell {
  return (out, value) => {
    const cells = listOf(value);
    for (const [i, item] of items.entries()) item(out, cells[i] ?? 0);
  };
}

const SCALARS: Readonly<Record<string, WriteCell>> = {
  String: (out, value) => {
    if (typeof value === "string") out.text(value);
    else if (value instanceof Uint8Array) out.raw(value);
    else wrong("String", value);
  },
  Int64: (out, value) => out.int64(bigintOf(value)),
  UInt64: (out, value) => out.int64(bigintOf(value)),
  Int32: (out, value) => out.int(numberOf(value), 4),
  UInt32: (out, value) => out.int(numberOf(value), 4),
  Int16: (out, value) => out.int(numberOf(value), 2),
  UInt16: (out, value) => out.int(numberOf(value), 2),
  Int8: (out, value) => out.int(numberOf(value), 1),
  UInt8: (out, value) => out.int(numberOf(value), 1),
  Float64: (out, value) => out.float64(numberOf(value)),
  Float32: (out, value) => out.float32(numberOf(value)),
  IPv6: (out, value) => {
    if (typeof value === "string") out.fixed(ipv6Bytes(value));
    else if (value instanceof Uint8Array) out.fixed(value);
    else wrong("IPv6", value);
  },
};

function listOf(value: Cell): readonly Cell[] {
  return typeof value === "object" && !(value instanceof Uint8Array) ? value : wrong("Array", value);
}

function numberOf(value: Cell): number {
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : wrong("number", value);
}

function bigintOf(value: Cell): bigint {
  return typeof value === "bigint" || typeof value === "number" ? BigInt(value) : wrong("Int64", value);
}

function wrong(type: string, value: Cell): never {
  throw new TypeError(`${typeof value} can't be written as ${type}`);
}

/** 16 bytes of an IPv4 or IPv6 address in text; IPv4 is mapped (`::ffff:a.b.c.d`). Throws TypeError. */
export function ipv6Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(16);
  if (!text.includes(":")) {
    bytes.set([0xff, 0xff], 10);
    bytes.set(ipv4Bytes(text), 12);
    return bytes;
  }
  const [head = "", tail] = text.split("::", 2);
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  if (before.length + after.length > 16 || (tail === undefined && before.length !== 16)) throw new TypeError(`not an IP address: ${text}`);
  bytes.set(before, 0);
  bytes.set(after, 16 - after.length);
  return bytes;
}

function groups(text: string): readonly number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (group.includes(".")) return [...ipv4Bytes(group)];
    const value = Number.parseInt(group, 16);
    if (!/^[0-9a-f]{1,4}$/i.test(group)) throw new TypeError(`not an IP address: ${text}`);
    return [value >> 8, value & 0xff];
  });
}

function ipv4Bytes(text: string): readonly number[] {
  const parts = text.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255))
    throw new TypeError(`not an IP address: ${text}`);
  return parts;
}
