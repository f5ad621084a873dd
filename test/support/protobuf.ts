// Reads protobuf without a schema: what a message has of a field by its number.

export interface Message {
  /** Numbers of a repeated field, packed or not. */
  numbers(field: number): readonly number[];
  /** 0 where there is none. */
  number(field: number): number;
  big(field: number): bigint;
  texts(field: number): readonly string[];
  messages(field: number): readonly Message[];
}

export function readProtobuf(bytes: Uint8Array): Message {
  const numbers: (readonly [number, bigint])[] = [];
  const parts: (readonly [number, Uint8Array])[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [tag, afterTag] = varint(bytes, at);
    const [value, after] = varint(bytes, afterTag);
    const field = Number(tag >> 3n);
    at = after;
    if ((tag & 7n) === 0n) {
      numbers.push([field, value]);
    } else if ((tag & 7n) === 2n) {
      parts.push([field, bytes.subarray(after, after + Number(value))]);
      at += Number(value);
    } else throw new Error(`wire type ${tag & 7n} of field ${field}`);
  }
  const partsOf = (field: number) => parts.filter(([of]) => of === field).map(([, part]) => part);
  const bigs = (field: number): readonly bigint[] => [
    ...numbers.filter(([of]) => of === field).map(([, value]) => value),
    ...partsOf(field).flatMap(varints),
  ];
  return {
    numbers: (field) => bigs(field).map(Number),
    number: (field) => Number(bigs(field)[0] ?? 0n),
    big: (field) => bigs(field)[0] ?? 0n,
    texts: (field) => partsOf(field).map((part) => Buffer.from(part).toString("utf8")),
    messages: (field) => partsOf(field).map(readProtobuf),
  };
}

function varints(bytes: Uint8Array): readonly bigint[] {
  const found: bigint[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [value, after] = varint(bytes, at);
    found.push(value);
    at = after;
  }
  return found;
}

function varint(bytes: Uint8Array, from: number): readonly [bigint, number] {
  let value = 0n;
  for (let at = from, shift = 0n; ; at += 1, shift += 7n) {
    const byte = bytes[at];
    if (byte === undefined) throw new Error(`a number that begins at ${from} has no end`);
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at + 1];
  }
}
