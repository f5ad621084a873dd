// text and match_only_text: tokens and their positions, and how many values there are (a document with "" has the field, but
// no token). The order of values is the document's; positions leave a gap between values.
import { isNumber, type JsonValue, member } from "../../../shared/json.ts";
import { analyzerOf, analyzeValues, POSITION_GAP } from "../analysis/index.ts";
import type { Field } from "../mapping.ts";
import { type DocValue, type FieldType, MalformedValue, type TermValue } from "./field_type.ts";
import { javaScalarText, tokenText } from "./number_text.ts";

function textType(type: string): FieldType {
  return Object.freeze({
    type,
    family: "text",
    element: "String",
    columns: (field: Field) => [
      { name: `${field.column}#tok`, type: "Array(String)" },
      { name: `${field.column}#pos`, type: "Array(UInt32)" },
      { name: `${field.column}#count`, type: "UInt32" },
    ],
    docValues(field: Field, values: readonly JsonValue[]) {
      const texts = values.filter((value) => value !== null).map(textOf);
      const analyzer = analyzerOf(field);
      const tokens = analyzer === undefined ? [] : analyzeValues(analyzer, texts, gapOf(field));
      return [tokens.map((token) => token.term), tokens.map((token) => token.position), texts.length];
    },
    /** One token, as it is: a term query is not analysed. */
    term: (_field: Field, value: JsonValue): TermValue => ({ kind: "value", value: javaScalarText(value) }),
    format: (_field: Field, value: DocValue) => String(value),
    fetch: (_field: Field, value: JsonValue) => (value === null ? undefined : javaScalarText(value)),
  });
}

/** Positions between two values of a field. */
function gapOf(field: Field): number {
  const gap = member(field.params, "position_increment_gap");
  return isNumber(gap) || typeof gap === "string" ? Number(gap) : POSITION_GAP;
}

function textOf(value: JsonValue): string {
  if (typeof value === "object" && !isNumber(value)) throw new MalformedValue("an object where text is wanted");
  return tokenText(value);
}

export const text = textType("text");
export const matchOnlyText = textType("match_only_text");
