// ClickHouse's answers that are too large to go about with the records of their searches: they are kept as a body, as bytes.
import { Buffer } from "node:buffer";
import type { SearchPart } from "../../shared/exchange.ts";

/** Characters of ClickHouse's answers to one exchange that stand in its parts, at most. */
const MOST_IN_PARTS = 1024 * 1024;

/** The parts, and where the answers are too large for them all of these as one body: as Elasticsearch's answer to an `_msearch` has them. */
export function apart(parts: readonly SearchPart[]): { readonly parts: readonly SearchPart[]; readonly answer?: Uint8Array<ArrayBuffer> } {
  const length = parts.reduce((sum, { clickhouse }) => sum + (clickhouse?.length ?? 0), 0);
  if (length <= MOST_IN_PARTS) return { parts };
  const sizes = parts.map(({ clickhouse }) => (clickhouse === null ? null : Buffer.byteLength(clickhouse)));
  const without = parts.map((part, at): SearchPart => {
    const clickhouseBytes = sizes[at] ?? null;
    return clickhouseBytes === null ? part : { ...part, clickhouse: null, clickhouseBytes };
  });
  const [only] = parts;
  const text =
    parts.length === 1 ? (only?.clickhouse ?? "") : `{"responses":[${parts.map(({ clickhouse }) => clickhouse ?? "null").join(",")}]}`;
  return { parts: without, answer: Buffer.from(text) };
}
