// How bytes lie in the session file and how they come out: packed when that saves space, with the message's own content
// coding (gzip, br, …) undone only when somebody looks.
import { isUtf8 } from "node:buffer";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { codingsOf, undoCoding } from "../proxy/content_coding.ts";

export type Packing = "" | "zstd";

export interface Packed {
  readonly coding: Packing;
  readonly data: Uint8Array;
}

// Packing takes 30 to 100 µs whatever the size (a context of its own each time): below this it would be most of the work of keeping an
// exchange, for little space beside its row.
const WORTHWHILE = 4096;
/** How bytes are packed. */
export const PACKED = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Packs bytes that are not compressed yet. */
export function pack(bytes: Uint8Array, compressed = false): Packed {
  if (compressed || bytes.byteLength < WORTHWHILE) return { coding: "", data: bytes };
  const data = zstdCompressSync(bytes, PACKED);
  return worthwhile(data, bytes) ? { coding: "zstd", data } : { coding: "", data: bytes };
}

/** Whether packing has saved enough. */
export function worthwhile(packed: Uint8Array, bytes: Uint8Array): boolean {
  return packed.byteLength < bytes.byteLength * 0.9;
}

/** The bytes that were packed. Throws when the data is damaged. */
export function unpack(coding: string, data: Uint8Array): Uint8Array {
  return coding === "zstd" ? zstdDecompressSync(data) : data;
}

/** Bytes of a body that are worth keeping decoded in memory, at most. A bomb past it is shown as it came. */
export const LARGEST_DECODED = 128 * 1024 * 1024;

/** Undoes a Content-Encoding; the bytes as they came where it is unknown, broken or past LARGEST_DECODED. */
export function decodeContent(bytes: Uint8Array, contentEncoding: string, truncated: boolean): Uint8Array {
  const limits = { maxOutputLength: LARGEST_DECODED, truncated };
  try {
    return codingsOf(contentEncoding).reduceRight((data, coding) => {
      const decoded = undoCoding(coding, data, limits);
      if (decoded === undefined) throw new Error(`unknown content coding ${coding}`);
      return decoded;
    }, bytes);
  } catch {
    return bytes;
  }
}

const LONGEST_SEQUENCE = 4;

/** True when the bytes are UTF-8, a sequence cut off at their end aside. */
export function isText(bytes: Uint8Array): boolean {
  return isUtf8(bytes) || (bytes.byteLength > LONGEST_SEQUENCE && isUtf8(bytes.subarray(0, wholeSequences(bytes, bytes.byteLength))));
}

/** The largest end at or before `end` that does not cut a UTF-8 sequence. */
export function wholeSequences(bytes: Uint8Array, end: number): number {
  for (let back = 1; back <= LONGEST_SEQUENCE && back <= end; back += 1) {
    const byte = bytes[end - back] ?? 0;
    if (byte < 0x80) return end;
    if (byte >= 0xc0) return sequenceLength(byte) === back ? end : end - back;
  }
  return end;
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}
