import { housekeeping } from "./rule.ts";

/**
 * `took`, `_shards` and their like are measured, not found: they always differ and never make an answer `equivalent`.
 * They are listed, and count as not compared.
 */
export const envelope = housekeeping(
  "envelope",
  "Tells how the answer was made (time, shards, handles), not what was found.",
  (found) => found.place.role.kind === "envelope",
);
