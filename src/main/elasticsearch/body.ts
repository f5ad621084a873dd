// Undoes a body's content coding. Bytes in, bytes out; what can't be undone is an error that says so.
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";
import type { HeaderPairs } from "../../shared/exchange.ts";

/** Most that a body may grow to: a gzip bomb stops here. */
export const DECODED_LIMIT = 512 * 1024 * 1024;

/** The coding is unknown, the bytes are damaged, or the result would be over the limit. */
export class UndecodableBody extends Error {
  override readonly name = "UndecodableBody";
}

/** The body with every content coding of its headers undone, last applied first. Throws UndecodableBody. */
export function decodeBody(headers: HeaderPairs, body: Uint8Array): Uint8Array {
  if (body.byteLength === 0) return body;
  const codings = headers
    .filter(([name]) => name.toLowerCase() === "content-encoding")
    .flatMap(([, value]) => value.split(","))
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity");
  return codings.reduceRight((bytes, coding) => decode(coding, bytes), body);
}

function decode(coding: string, bytes: Uint8Array): Uint8Array {
  const limit = { maxOutputLength: DECODED_LIMIT };
  try {
    switch (coding) {
      case "gzip":
      case "x-gzip":
        return gunzipSync(bytes, limit);
      case "deflate":
        // Some senders leave out the zlib wrapper, whose first byte says method 8.
        return (bytes[0] ?? 0) % 16 === 8 ? inflateSync(bytes, limit) : inflateRawSync(bytes, limit);
      case "br":
        return brotliDecompressSync(bytes, limit);
      case "zstd":
        return zstdDecompressSync(bytes, limit);
    }
  } catch (error) {
    throw new UndecodableBody(
      `a ${coding} body of ${bytes.byteLength} bytes can't be decoded: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  throw new UndecodableBody(`content coding "${coding}" is not one of gzip, deflate, br, zstd`);
}
