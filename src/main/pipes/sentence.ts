// What a reconciliation that ended well found and did, in a sentence.
import type { PipeReport } from "../../shared/pipe.ts";

export function sentenceOf({ compared, missing, surplus, stale, ms }: PipeReport): string {
  const took = ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
  const found = [
    missing > 0 ? `${documents(missing)} only Elasticsearch had` : "",
    stale > 0 ? `${documents(stale)} ClickHouse had in another version` : "",
    surplus > 0 ? `${documents(surplus)} only ClickHouse had` : "",
  ].filter((part) => part !== "");
  if (found.length === 0) return `Both sides had the same ${documents(compared)}; nothing was to be done (${took}).`;
  return `Both sides have the same documents now. Of ${documents(compared)} compared, ${found.join("; ")} (${took}).`;
}

/** Digits by threes. */
export function grouped(n: number): string {
  return n.toLocaleString("en-US").replaceAll(",", "\u2009");
}

function documents(n: number): string {
  return `${grouped(n)} ${n === 1 ? "document" : "documents"}`;
}
