// The `aggs` object of a request, read into nodes. Names and nesting are checked here, parameters by each kind.
import { childPointer, isObject, type JsonObject, type JsonValue } from "../../../shared/json.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { checkOptions } from "./known_options.ts";
import { checkComposite, checkSequences } from "./sequences.ts";
import type { AggregationNode } from "./types.ts";

const MAX_DEPTH = 20;

/** Reads `{name: {kind: {…}, aggs: {…}, meta: {…}}}`; `pointer` is the object's own. */
export function parseAggregations(aggs: JsonObject, pointer: string, depth = 0): readonly AggregationNode[] {
  if (depth > MAX_DEPTH) throw new UnsupportedClause(pointer, `aggregations nested deeper than ${MAX_DEPTH} are not translated`);
  return Object.entries(aggs).map(([name, body]) => parseNode(name, body, childPointer(pointer, name), depth));
}

function parseNode(name: string, value: JsonValue, pointer: string, depth: number): AggregationNode {
  if (/[[\]>]/.test(name) || name === "") {
    throw new RejectedRequest(
      "parsing_exception",
      `Invalid aggregation name [${name}]. Aggregation names can contain any character except '[', ']', and '>'`,
    );
  }
  if (!isObject(value)) {
    throw new RejectedRequest(
      "parsing_exception",
      `Aggregation definition for [${name}] starts with a [VALUE], expected a [START_OBJECT].`,
    );
  }
  let kind: { readonly type: string; readonly body: JsonObject } | undefined;
  let meta: JsonObject | undefined;
  let children: readonly AggregationNode[] = [];
  for (const [key, part] of Object.entries(value)) {
    if (!isObject(part))
      throw new RejectedRequest("parsing_exception", `Expected [START_OBJECT] under [${key}], but got a value in [${name}]`);
    if (key === "aggs" || key === "aggregations") children = parseAggregations(part, childPointer(pointer, key), depth + 1);
    else if (key === "meta") meta = part;
    else if (kind !== undefined) {
      throw new RejectedRequest("parsing_exception", `Found two aggregation type definitions in [${name}]: [${kind.type}] and [${key}]`);
    } else {
      checkOptions(key, part);
      kind = { type: key, body: part };
    }
  }
  if (kind === undefined) throw new RejectedRequest("parsing_exception", `Missing definition for aggregation [${name}]`);
  checkSequences(kind.type, kind.body, children);
  checkComposite(kind.type, children);
  return { name, ...kind, pointer: childPointer(pointer, kind.type), meta, children };
}
