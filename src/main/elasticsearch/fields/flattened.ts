// flattened: an object of which every leaf is a keyword. Two columns: the values of all leaves, and `#keyed`, the same with their
// keys before them (`a.b`, U+0000, value). A path below it names one key, whatever dots that has.
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject, member } from "../../../shared/json.ts";
import type { Field, Mapping } from "../mapping.ts";
import { type DocValue, type FieldType, MalformedValue, type TermValue } from "./field_type.ts";
import { withNullValue } from "./null_value.ts";
import { javaScalarText, tokenText } from "./number_text.ts";
import { sortedSet } from "./utf8_order.ts";

/** Between a key and its value. */
export const KEY_END = "\0";

export const flattened: FieldType = Object.freeze({
  type: "flattened",
  family: "keyword",
  element: "String",
  columns: (field: Field) => [
    { name: field.column, type: "Array(String)" },
    { name: `${field.column}#keyed`, type: "Array(String)" },
  ],
  docValues(field: Field, values: readonly JsonValue[]) {
    const limit = Number(member(field.params, "ignore_above") ?? Number.POSITIVE_INFINITY);
    const leaves = leavesOf(field, values).filter(({ text }) => text.length <= limit);
    return [sortedSet(leaves.map(({ text }) => text)), sortedSet(leaves.map(({ key, text }) => `${key}${KEY_END}${text}`))];
  },
  term: (_field: Field, value: JsonValue): TermValue => ({ kind: "value", value: javaScalarText(value) }),
  format: (_field: Field, value: DocValue) => String(value),
  /** The object without its nulls, unless nothing is left; of a key, the value as it is. */
  fetch(field: Field, value: JsonValue) {
    if (field.key !== undefined) return value ?? undefined;
    const kept = isObject(value) ? withoutNulls(value) : jsonObject([]);
    return Object.keys(kept).length > 0 ? kept : undefined;
  },
});

// Nulls further down stay.
function withoutNulls(object: JsonObject): JsonObject {
  return jsonObject(Object.entries(object).filter(([, value]) => value !== null));
}

interface Leaf {
  readonly key: string;
  readonly text: string;
}

/** The values with their keys; of one key (`field.key`), what stands right at it. */
export function leavesOf(field: Field, values: readonly JsonValue[]): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const walk = (value: JsonValue, key: string | null): void => {
    if (isArray(value)) for (const item of value) walk(item, key);
    else if (isObject(value)) for (const [name, inner] of Object.entries(value)) walk(inner, key === null ? name : `${key}.${name}`);
    else if (key !== null) for (const kept of withNullValue(field, [value])) leaves.push({ key, text: tokenText(kept) });
    else if (value !== null) throw new MalformedValue("a value where an object is wanted");
  };
  for (const value of values) {
    if (field.key === undefined) walk(value, null);
    else if (!isObject(value)) walk(value, field.key);
  }
  return leaves;
}

/** The objects of a flattened field in a document; `{"field.key": 1}` is one of its own. */
export function flattenedObjects(object: JsonObject, path: string): readonly JsonValue[] {
  return Object.entries(object).flatMap(([name, value]): readonly JsonValue[] => {
    if (name === path) return [value];
    if (name.startsWith(`${path}.`)) return [jsonObject([[name.slice(path.length + 1), value]])];
    return path.startsWith(`${name}.`) ? objectsIn(value).flatMap((inner) => flattenedObjects(inner, path.slice(name.length + 1))) : [];
  });
}

function objectsIn(value: JsonValue): readonly JsonObject[] {
  if (isArray(value)) return value.flatMap(objectsIn);
  return isObject(value) ? [value] : [];
}

/** The field of one key, by a path below a flattened field; undefined where there is none around the path. */
export function keyField(mapping: Mapping, path: string): Field | undefined {
  for (let dot = path.lastIndexOf("."); dot > 0; dot = path.lastIndexOf(".", dot - 1)) {
    const root = mapping.fields.get(mapping.aliases.get(path.slice(0, dot)) ?? path.slice(0, dot));
    if (root?.type === "flattened") {
      const key = path.slice(dot + 1);
      return { ...root, path, sourcePath: `${root.path}.${key}`, key };
    }
  }
  return undefined;
}
