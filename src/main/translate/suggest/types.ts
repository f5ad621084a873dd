// What a suggestion compiles to.
import type { JsonObject } from "../../../shared/json.ts";
import type { Statement, StatementRows } from "../types.ts";

export interface Suggester {
  readonly statements: readonly Statement[];
  /** The entries of the answer: one for each word of the text, or for the whole of it. */
  shape(rows: StatementRows): readonly JsonObject[];
}
