// What is found out about an exchange that is over and kept: what became of its write, what a search was judged to be. Each finding is
// written into its record, after the words of what was done to it, and the list is told.
import type { Comparison, ExchangeDetail, MirrorNote, SearchPart } from "../../shared/exchange.ts";
import type { Session } from "../capture/session.ts";
import type { Statistics } from "../report/statistics.ts";
import type { AlteredExchanges } from "./altered.ts";
import { mirrorText } from "./mirror_write.ts";
import { notMatched } from "./outcome.ts";

/** An exchange; `fallback`: why ClickHouse, which was to answer it, did not. */
export interface KeptRecord extends ExchangeDetail {
  readonly fallback?: string;
}

/** What came of a search beside its verdict. */
interface Found {
  readonly parts?: readonly SearchPart[];
  readonly answer?: Uint8Array | undefined;
}

export interface FindingsOptions {
  readonly session: Pick<Session, "update">;
  readonly altered: Pick<AlteredExchanges, "noted">;
  readonly statistics: Pick<Statistics, "searched">;
  /** Told of an exchange that is changed. */
  readonly changed: (id: number) => void;
}

export class Findings {
  readonly #options: FindingsOptions;

  constructor(options: FindingsOptions) {
    this.#options = options;
  }

  /** A search was judged. */
  judged(record: KeptRecord, comparison: Comparison, { parts = [], answer }: Found = {}): void {
    const { session, altered, statistics, changed } = this.#options;
    const searches = parts.length > 0 ? parts : [unjudged(record, comparison)];
    const times = searches.flatMap((part) => (part.clickhouseMs === null ? [] : [part.clickhouseMs]));
    const clickhouseMs = times.length === 0 ? null : times.reduce((sum, ms) => sum + ms, 0);
    if (clickhouseMs !== null) statistics.searched(clickhouseMs, comparison.verdict === "failed");
    const patch = {
      searches,
      verdict: comparison.verdict,
      note: altered.noted(record.id, noteOf(record, comparison.reason)),
      shape: searches[0]?.shape ?? "",
      clickhouseMs,
      timings: record.timings,
    };
    session.update(record.id, patch, answer === undefined ? {} : { clickhouse: answer });
    changed(record.id);
  }

  /** A search was not compared, and why. */
  notCompared(record: KeptRecord, reason: string, parts: readonly SearchPart[] = []): void {
    this.judged(record, notMatched("not_compared", reason), { parts });
  }

  /** A write was mirrored, as far as the note says. */
  mirrored(id: number, note: MirrorNote): void {
    const { session, altered, changed } = this.#options;
    session.update(id, { mirror: note, note: altered.noted(id, mirrorText(note)) });
    changed(id);
  }

  /** A write was not mirrored, by a fault of ours. */
  notMirrored(id: number, fault: string): void {
    const { session, altered, changed } = this.#options;
    session.update(id, { note: altered.noted(id, `not mirrored: ${fault}`) });
    changed(id);
  }
}

/** The record with why ClickHouse did not answer it, where that is so. */
export function fellBack(record: ExchangeDetail, fallback: string | undefined): KeptRecord {
  if (fallback === undefined) return record;
  return { ...record, fallback, note: record.error || noteOf({ fallback }, "") };
}

function noteOf({ fallback }: Pick<KeptRecord, "fallback">, reason: string): string {
  if (fallback === undefined || reason.includes(fallback)) return reason;
  return `answered by Elasticsearch: ${fallback}${reason === "" ? "" : `. ${reason}`}`;
}

function unjudged(record: ExchangeDetail, comparison: Comparison): SearchPart {
  return { position: 0, index: record.index, body: "", statements: [], clickhouse: null, comparison, shape: "", clickhouseMs: null };
}
