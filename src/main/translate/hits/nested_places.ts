// Where the nested objects of one document stand: their numbers, what encloses them, and how Elasticsearch names them.
import { type JsonObject, jsonObject } from "../../../shared/json.ts";
import { pathAround } from "../../elasticsearch/columns.ts";
import { type NestedObject, nestedObjects } from "../../elasticsearch/fields/nested_objects.ts";
import type { Mapping } from "../../elasticsearch/mapping.ts";

export interface NestedPlaces {
  /** True when the object of `path` stands inside the one of `above`. Numbers count from 1. */
  isBelow(path: string, number: number, above: string, aboveNumber: number): boolean;
  /** `{field, offset, _nested}`, the outermost object first. */
  identity(path: string, number: number): JsonObject;
  /** A document that holds this object alone: as the source has it, and as it was indexed. */
  wrapped(path: string, number: number): JsonObject;
  indexed(path: string, number: number): JsonObject;
}

export function placesIn(source: JsonObject, mapping: Mapping): NestedPlaces {
  const known = new Map<string, readonly NestedObject[]>();
  const objects = (path: string): readonly NestedObject[] => {
    const found = known.get(path) ?? nestedObjects(source, path, mapping);
    known.set(path, found);
    return found;
  };
  const upOf = (path: string, number: number): number => objects(path)[number - 1]?.up ?? 0;
  // From the outermost path down to the object's own, each with the object's number.
  const chain = (path: string, number: number): readonly (readonly [path: string, number: number])[] => {
    const around = pathAround(mapping, path);
    return [...(around === null ? [] : chain(around, upOf(path, number))), [path, number]];
  };
  const offset = (path: string, number: number): number => {
    const siblings = objects(path).findIndex(({ up }) => up === upOf(path, number));
    return number - 1 - siblings;
  };
  return {
    isBelow: (path, number, above, aboveNumber) => chain(path, number).some(([each, at]) => each === above && at === aboveNumber),
    identity(path, number) {
      const steps = chain(path, number);
      return steps.reduceRight<JsonObject>((inner, [each, at], i) => {
        const around = steps[i - 1]?.[0];
        const field = around === undefined ? each : each.slice(around.length + 1);
        return { field, offset: offset(each, at), ...(i === steps.length - 1 ? {} : { _nested: inner }) };
      }, {});
    },
    wrapped(path, number) {
      const object = objects(path)[number - 1];
      // An object that dots in names made is nowhere in the source.
      const own = object === undefined || object.dotted ? {} : object.source;
      return wrap(path, own);
    },
    indexed: (path, number) => wrap(path, objects(path)[number - 1]?.source ?? {}),
  };
}

function wrap(path: string, object: JsonObject): JsonObject {
  return path.split(".").reduceRight<JsonObject>((inner, step) => jsonObject([[step, inner]]), object);
}
