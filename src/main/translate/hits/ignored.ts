// `_ignored`: the fields of a document of which a value is longer than `ignore_above`.
import { isNumber, member } from "../../../shared/json.ts";
import { valuesAt } from "../../elasticsearch/fields/source_values.ts";
import { type Field, type Mapping, sourcesOf } from "../../elasticsearch/mapping.ts";
import { scalarText } from "../parameters.ts";
import { type Document, rootOf } from "./hit.ts";

interface Limited {
  readonly field: Field;
  readonly limit: number;
}

const limitedByMapping = new WeakMap<Mapping, readonly Limited[]>();

/** Paths of the fields that dropped a value. `sourceLength` bounds the length of any value. */
export function ignoredFields(document: Document, sourceLength: number): ReadonlySet<string> {
  const ignored = new Set<string>();
  for (const { field, limit } of limitedFields(document.mapping)) {
    const sources = sourceLength <= limit ? [] : sourcesOf(field).filter((path) => document.roots.has(rootOf(path)));
    const values = sources.flatMap((path) => valuesAt(document.source, path));
    if (values.some((value) => value !== null && (typeof value !== "object" || isNumber(value)) && scalarText(value).length > limit))
      ignored.add(field.path);
  }
  return ignored;
}

function limitedFields(mapping: Mapping): readonly Limited[] {
  const seen = limitedByMapping.get(mapping);
  if (seen !== undefined) return seen;
  const limited = [...mapping.fields.values()].flatMap((field): readonly Limited[] => {
    // A flattened field leaves long values out in silence.
    if (field.type === "flattened") return [];
    const limit = Number(member(field.params, "ignore_above") ?? Number.NaN);
    return Number.isNaN(limit) ? [] : [{ field, limit }];
  });
  limitedByMapping.set(mapping, limited);
  return limited;
}
