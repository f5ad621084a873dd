// What is worth knowing of a clause beside its SQL: its name, and where Elasticsearch itself only approximates.
import { strings } from "../../strings.ts";

export interface ClauseNote {
  /** Elasticsearch's name of the clause or aggregation: the last step of its pointer. */
  readonly name: string;
  /** Empty when both engines are exact. */
  readonly note: string;
}

const { aggregationNotes, queryNotes } = strings.translation;

/** The note of the clause at a JSON pointer: `/query/bool/filter/0/range`, `/aggs/by_host/terms`. */
export function clauseNote(pointer: string): ClauseNote {
  const steps = pointer.split("/");
  const name = steps.at(-1) ?? "";
  const above = steps.at(-3);
  const notes: Readonly<Record<string, string>> = above === "aggs" || above === "aggregations" ? aggregationNotes : queryNotes;
  return { name, note: Object.hasOwn(notes, name) ? (notes[name] ?? "") : "" };
}
