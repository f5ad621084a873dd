// Undoes a body's content coding. Bytes in, bytes out; what can't be undone is an error that says so.
import type { HeaderPairs } from "../../shared/exchange.ts";
import { messageOf } from "../../shared/thrown.ts";
import { codingsOf, undoCoding } from "../proxy/content_coding.ts";

/** Most that a body may grow to: a gzip bomb stops here. */
export const DECODED_LIMIT = 512 * 1024 * 1024;

/** The coding is unknown, the bytes are damaged, or the result would be over the limit. */
export class UndecodableBody extends Error {
  override readonly name = "UndecodableBody";
}

/** The body with every content coding of its headers undone, last applied first. Throws UndecodableBody. */
export function decodeBody(headers: HeaderPairs, body: Uint8Array): Uint8Array {
  if (body.byteLength === 0) return body;
  const codings = headers.filter(([name]) => name.toLowerCase() === "content-encoding").flatMap(([, value]) => codingsOf(value));
  return codings.reduceRight((bytes, coding) => decode(coding, bytes), body);
}

function decode(coding: string, bytes: Uint8Array): Uint8Array {
  const decoded = attempt(coding, bytes);
  if (decoded !== undefined) return decoded;
  throw new UndecodableBody(`content coding "${coding}" is not one of gzip, deflate, br, zstd`);
}

function attempt(coding: string, bytes: Uint8Array): Uint8Array | undefined {
  try {
    return undoCoding(coding, bytes, { maxOutputLength: DECODED_LIMIT });
  } catch (error) {
    throw new UndecodableBody(`a ${coding} body of ${bytes.byteLength} bytes can't be decoded: ${messageOf(error)}`);
  }
}
