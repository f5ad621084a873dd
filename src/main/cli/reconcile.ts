// `parallax reconcile INDEX…`: compares indices with their tables and repairs what differs.
import { indexVerb } from "./index_verb.ts";

/** Runs the verb; returns the exit code. */
export function reconcileCommand(argv: readonly string[]): Promise<number> {
  return indexVerb("reconcile", argv);
}
