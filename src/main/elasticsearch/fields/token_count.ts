// token_count: how many places the words of a text take, holes of removed words among them unless the mapping says otherwise.
import { type JsonValue, member } from "../../../shared/json.ts";
import { analyzerOf } from "../analysis/index.ts";
import type { Field } from "../mapping.ts";
import type { FieldType } from "./field_type.ts";
import { integer } from "./integer.ts";
import { tokenText } from "./number_text.ts";

function countOf(field: Field, value: JsonValue): number | undefined {
  if (value === null) {
    const substitute = member(field.params, "null_value");
    return substitute === undefined || substitute === null ? undefined : Number(substitute);
  }
  const analyzer = analyzerOf(field);
  const text = tokenText(value);
  if (analyzer === undefined) return undefined;
  const tokens = analyzer.analyze(text);
  if (String(member(field.params, "enable_position_increments") ?? true) === "true") return analyzer.positions(text, tokens);
  return new Set(tokens.map(({ position }) => position)).size;
}

export const tokenCount: FieldType = Object.freeze({
  ...integer,
  type: "token_count",
  docValues: (field: Field, values: readonly JsonValue[]) => [
    values
      .map((value) => countOf(field, value))
      .filter((count) => count !== undefined)
      .sort((a, b) => a - b),
  ],
  fetch: (field: Field, value: JsonValue) => countOf(field, value),
});
