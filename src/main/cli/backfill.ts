// `parallax backfill INDEX…`: copies indices that exist already to ClickHouse.
import { indexVerb } from "./index_verb.ts";

/** Runs the verb; returns the exit code. */
export function backfillCommand(argv: readonly string[]): Promise<number> {
  return indexVerb("backfill", argv);
}
