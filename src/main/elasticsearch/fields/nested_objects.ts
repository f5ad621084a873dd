// The objects of a `nested` path in a parsed `_source`, in the order in which Elasticsearch numbers them.
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject } from "../../../shared/json.ts";
import { pathAround } from "../columns.ts";
import type { Mapping } from "../mapping.ts";

export interface NestedObject {
  readonly source: JsonObject;
  /** Number, from 1, of the object of the path around that encloses it; 1 where that is the document. */
  readonly up: number;
  /** True for one that a dot in a name made: `{"a.b": 1}` has an object at `a`. */
  readonly dotted: boolean;
}

/** All objects at the path, those of all enclosing objects in one list. */
export function nestedObjects(source: JsonObject, path: string, mapping: Mapping): readonly NestedObject[] {
  const around = pathAround(mapping, path);
  const outer = around === null ? [source] : nestedObjects(source, around, mapping).map((object) => object.source);
  const steps = (around === null ? path : path.slice(around.length + 1)).split(".");
  return outer.flatMap((object, i) => objectsAt(object, steps, false).map((inner) => ({ ...inner, up: i + 1 })));
}

type Found = Omit<NestedObject, "up">;

function objectsAt(object: JsonObject, steps: readonly string[], dotted: boolean): readonly Found[] {
  if (steps.length === 0) return [{ source: object, dotted }];
  return Object.entries(object).flatMap(([name, value]) => {
    const names = name.split(".");
    const shared = Math.min(names.length, steps.length);
    if (!names.slice(0, shared).every((each, i) => each === steps[i])) return [];
    // `{"a.b": 1}` is an object at `a` of its own.
    const inner = names.length > steps.length ? jsonObject([[names.slice(shared).join("."), value]]) : value;
    return objectsIn(inner).flatMap((item) => objectsAt(item, steps.slice(shared), dotted || names.length > steps.length));
  });
}

function objectsIn(value: JsonValue): readonly JsonObject[] {
  if (isArray(value)) return value.flatMap(objectsIn);
  return isObject(value) ? [value] : [];
}
