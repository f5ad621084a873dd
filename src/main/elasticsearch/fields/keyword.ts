// keyword, wildcard and constant_keyword: a set of strings in UTF-8 order. `ignore_above` counts UTF-16 units, before
// the normalizer, which is the built-in `lowercase` or one of the index's own.
import { isArray, isNumber, isObject, type JsonValue, member } from "../../../shared/json.ts";
import { normalizerOf } from "../analysis/index.ts";
import type { Field } from "../mapping.ts";
import { type DocValue, type FieldType, MalformedValue, type TermValue } from "./field_type.ts";
import { withNullValue } from "./null_value.ts";
import { javaScalarText, tokenText } from "./number_text.ts";
import { sortedSet } from "./utf8_order.ts";

function keywordType(type: string): FieldType {
  return Object.freeze({
    type,
    family: "keyword",
    element: "String",
    columns: (field: Field) => [{ name: field.column, type: "Array(String)" }],
    docValues(field: Field, values: readonly JsonValue[]) {
      const limit = ignoreAbove(field);
      const kept: string[] = [];
      for (const value of withNullValue(field, values)) {
        const text = scalarText(value);
        if (text.length <= limit) kept.push(normalise(field, text));
      }
      return [sortedSet(kept)];
    },
    term: (field: Field, value: JsonValue): TermValue => ({ kind: "value", value: normalise(field, javaScalarText(value)) }),
    format: (_field: Field, value: DocValue) => String(value),
    fetch(field: Field, value: JsonValue) {
      const [present] = withNullValue(field, [value]);
      if (present === undefined) return undefined;
      const text = javaScalarText(present);
      return text.length <= ignoreAbove(field) ? normalise(field, text) : undefined;
    },
  });
}

/** UTF-16 units of the longest value that is kept. */
export function ignoreAbove(field: Field): number {
  const limit = member(field.params, "ignore_above");
  return isNumber(limit) || typeof limit === "string" ? Number(limit) : Number.POSITIVE_INFINITY;
}

function normalise(field: Field, text: string): string {
  return normalizerOf(field)?.(text) ?? text;
}

function scalarText(value: JsonValue): string {
  if (isArray(value) || isObject(value)) throw new MalformedValue("an object or array where text is wanted");
  return tokenText(value);
}

export const keyword = keywordType("keyword");
export const wildcard = keywordType("wildcard");

/** Every document has the mapping's `value`; before the first document that has one, none does. */
export const constantKeyword: FieldType = Object.freeze({
  ...keyword,
  type: "constant_keyword",
  docValues(field: Field, values: readonly JsonValue[]) {
    const value = member(field.params, "value") ?? values.find((each) => each !== null);
    return [value === undefined ? [] : [scalarText(value)]];
  },
  fetch: (field: Field, value: JsonValue) => member(field.params, "value") ?? value ?? undefined,
});
