// Content codings of HTTP (RFC 9110, 8.4): one table for whoever looks into a body.
import { promisify } from "node:util";
import { brotliDecompressSync, constants, deflate, gunzipSync, gzip, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";

/** A coding that an answer is given, by its name in Content-Encoding. */
export type Coding = "gzip" | "deflate";

/** As Elasticsearch compresses. */
const LEVEL = 3;
const applied = { gzip: promisify(gzip), deflate: promisify(deflate) } as const;

/** The coding that Elasticsearch gives an answer by the request's Accept-Encoding, of those that are known here; null: none. */
export function wantedCoding(acceptEncoding: string): Coding | null {
  const wanted = new Map(
    acceptEncoding.split(",").map((part) => {
      const [name = "", ...parameters] = part.split(";").map((word) => word.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith("q="));
      return [name, quality === undefined ? 1 : Number(quality.slice(2)) || 0] as const;
    }),
  );
  const [zipped, deflated] = [wanted.get("gzip") ?? wanted.get("x-gzip") ?? 0, wanted.get("deflate") ?? 0];
  if (zipped <= 0 && deflated <= 0) return null;
  return zipped >= deflated ? "gzip" : "deflate";
}

/** Applies a coding, beside the thread. */
export function applyCoding(coding: Coding, bytes: Uint8Array): Promise<Uint8Array> {
  return applied[coding](bytes, { level: LEVEL });
}

export interface DecodeLimits {
  /** Bytes that the result may have. */
  readonly maxOutputLength: number;
  /** The bytes end amid their stream: what is there is decoded. @default false */
  readonly truncated?: boolean;
}

/** The codings of a Content-Encoding, in the order in which they were applied. */
export function codingsOf(contentEncoding: string): readonly string[] {
  return contentEncoding
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity");
}

/** Undoes one coding. Undefined when it is unknown; throws zlib's error when the bytes are damaged or grow past the limit. */
export function undoCoding(
  coding: string,
  bytes: Uint8Array,
  { maxOutputLength, truncated = false }: DecodeLimits,
): Uint8Array | undefined {
  const limit = { maxOutputLength };
  const zlib = truncated ? { ...limit, finishFlush: constants.Z_SYNC_FLUSH } : limit;
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return gunzipSync(bytes, zlib);
    case "deflate":
      return inflateEither(bytes, zlib);
    case "br":
      return brotliDecompressSync(bytes, truncated ? { ...limit, finishFlush: constants.BROTLI_OPERATION_FLUSH } : limit);
    case "zstd":
      return zstdDecompressSync(bytes, truncated ? { ...limit, finishFlush: constants.ZSTD_e_flush } : limit);
    default:
      return undefined;
  }
}

// "deflate" means zlib's format, whose first byte says method 8; some senders leave the wrapper out.
function inflateEither(bytes: Uint8Array, options: { maxOutputLength: number }): Uint8Array {
  return (bytes[0] ?? 0) % 16 === 8 ? inflateSync(bytes, options) : inflateRawSync(bytes, options);
}
