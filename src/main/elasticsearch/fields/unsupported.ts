// Which fields the mirror can't keep as Elasticsearch does, and why. A clause on such a field is unsupported, with this reason.
import { member } from "../../../shared/json.ts";
import { analyzerNamed, analyzerNameOf, normalizerOf, quoteAnalyzerNameOf, searchAnalyzerNameOf } from "../analysis/index.ts";
import { isDateFormat } from "../date/format.ts";
import type { Field } from "../mapping.ts";
import { dateFormatOf } from "./date.ts";
import { FIELD_TYPES } from "./index.ts";

/** Why the field's columns would not say what Elasticsearch indexed; null when they do. */
export function unsupportedReason(field: Field): string | null {
  const type = FIELD_TYPES.get(field.type);
  if (type === undefined) return `fields of type [${field.type}] are not mirrored yet`;
  if (member(field.params, "script") !== undefined) return `[${field.path}] gets its values from a script`;
  if (field.sources !== undefined && type.family === "geo_point") return `[${field.path}] gets points by copy_to`;
  return reasonOf(field);
}

function reasonOf(field: Field): string | null {
  if (field.type === "keyword" && normalizerOf(field) === undefined) {
    return `normalizer [${String(member(field.params, "normalizer"))}] of [${field.path}] is not known`;
  }
  if (field.type === "text" || field.type === "match_only_text" || field.type === "token_count") return analyzerReason(field);
  if (
    field.type.endsWith("_range") &&
    [member(field.params, "index"), member(field.params, "doc_values")].some((on) => String(on) === "false")
  ) {
    return `[${field.path}] is not indexed, or has no doc values`;
  }
  if (field.type === "date" || field.type === "date_nanos" || field.type === "date_range") {
    const locale = member(field.params, "locale");
    if (locale !== undefined && locale !== "en" && locale !== "ROOT") return `locale [${String(locale)}] of [${field.path}] is not known`;
    return isDateFormat(dateFormatOf(field)) ? null : `date format [${dateFormatOf(field)}] of [${field.path}] is not known`;
  }
  return null;
}

function analyzerReason(field: Field): string | null {
  const unknown = [analyzerNameOf(field), searchAnalyzerNameOf(field), quoteAnalyzerNameOf(field)].find(
    (name) => analyzerNamed(name, field.analysis) === undefined,
  );
  return unknown === undefined ? null : `analyzer [${unknown}] of [${field.path}] is not known`;
}
