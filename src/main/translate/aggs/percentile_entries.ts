// What `percentiles` and `percentile_ranks` answer: numbers by number, keyed or as a list.
import { type JsonValue, jsonObject } from "../../../shared/json.ts";
import { doubleJson, javaDouble } from "../../elasticsearch/fields/number_text.ts";
import { numberMembers, type ValueText } from "./number_metric.ts";

interface Entry {
  readonly key: number;
  /** NaN where there is none. */
  readonly value: number;
}

/** The `values` of the answer. */
export function entryValues(entries: readonly Entry[], keyed: boolean, text: ValueText): JsonValue {
  if (keyed) return jsonObject(entries.flatMap(({ key, value }) => numberMembers(javaDouble(key), value, text)));
  return entries.map(({ key, value }) => jsonObject([["key", doubleJson(key)], ...numberMembers("value", value, text)]));
}

/** JSON pointer of one of them, from the aggregation. */
export function entryPointer(key: number, position: number, keyed: boolean): string {
  return keyed ? `/values/${javaDouble(key)}` : `/values/${position}/value`;
}
