// Python's `marshal`, as much of it as a profile needs. Pure.

/** A dict is a Map, whose keys are tuples; a tuple is an array. */
export type Marshalled = number | string | readonly Marshalled[] | ReadonlyMap<Marshalled, Marshalled> | Seconds;

/** A float, whole or not. */
export interface Seconds {
  readonly seconds: number;
}

/** Writes types that every Python 3 reads. */
export function marshal(value: Marshalled): Uint8Array {
  return Buffer.concat([...pieces(value)]);
}

function* pieces(value: Marshalled): Generator<Buffer> {
  if (typeof value === "number") {
    yield numbered("i", (bytes) => bytes.writeInt32LE(value, 1), 4);
  } else if (typeof value === "string") {
    const text = Buffer.from(value);
    yield numbered("u", (bytes) => bytes.writeInt32LE(text.length, 1), 4);
    yield text;
  } else if (isTuple(value)) {
    yield numbered("(", (bytes) => bytes.writeInt32LE(value.length, 1), 4);
    for (const each of value) yield* pieces(each);
  } else if ("seconds" in value) {
    yield numbered("g", (bytes) => bytes.writeDoubleLE(value.seconds, 1), 8);
  } else {
    yield Buffer.from("{");
    for (const [key, each] of value) {
      yield* pieces(key);
      yield* pieces(each);
    }
    yield Buffer.from("0");
  }
}

// Array.isArray does not know readonly arrays.
function isTuple(value: Exclude<Marshalled, number | string>): value is readonly Marshalled[] {
  return Array.isArray(value);
}

function numbered(type: string, write: (bytes: Buffer) => void, size: number): Buffer {
  const bytes = Buffer.alloc(1 + size);
  bytes.write(type, "latin1");
  write(bytes);
  return bytes;
}
