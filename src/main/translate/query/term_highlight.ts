// The words of a term that the highlighter looks for. Numbers, dates and addresses have none.
import type { TermValue } from "../../elasticsearch/fields/field_type.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import type { Highlight } from "./types.ts";

export function termHighlights(field: Field, terms: readonly TermValue[]): readonly Highlight[] {
  const family = fieldType(field)?.family;
  if (family !== "keyword" && family !== "text") return [];
  return terms.flatMap((term): readonly Highlight[] => (term.kind === "value" ? [{ kind: "term", field, term: String(term.value) }] : []));
}
