// What became of a write that a journal keeps.
import type { MirrorNote } from "../../shared/exchange.ts";

export interface Written {
  /** null when it changed no documents. */
  readonly note: MirrorNote | null;
  /**
   * What is left to do: nothing; `replay`: hand it over again, later; `ask`: ask Elasticsearch which documents of `expression` it
   * changed.
   */
  readonly left: "nothing" | "replay" | "ask";
  /** Index expression; "" may be any index. */
  readonly expression: string;
}

/** The note of a write of which nothing is known but why it was not mirrored. */
export function unmirrored(reason: string): MirrorNote {
  return { indexed: 0, deleted: 0, failed: 0, notMirrored: 1, reason };
}
