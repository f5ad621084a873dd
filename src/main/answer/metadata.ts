// What is known of indices: `_mapping`, `_alias`, `_resolve/index`, as Elasticsearch described them last.
import { type JsonObject, type JsonValue, jsonObject, member } from "../../shared/json.ts";
import { expressionNames } from "../mirror/expression.ts";
import type { IndexDescription } from "../mirror/index_description.ts";
import { aliasesOf, dataStreamOf, everyIndex, isClosed, isHidden, settingOf } from "./indices.ts";
import { INDICES, unknownParameter } from "./parameters.ts";
import { declined, type Endpoint, json } from "./types.ts";

export const mapping: Endpoint = {
  paths: ["GET /_mapping", "GET /{index}/_mapping", "GET /_mappings", "GET /{index}/_mappings"],
  async answer({ index, params }, backend) {
    const unknown = unknownParameter(params, [...INDICES, "master_timeout", "local"]);
    if (unknown !== "") return declined("unsupported", unknown);
    const indices = await backend.indices(index, params);
    if (indices.kind !== "found") return indices;
    return json(byName(indices.value, ({ raw }) => ({ mappings: member(raw, "mappings") ?? {} })));
  },
};

export const alias: Endpoint = {
  paths: [
    "GET /_alias",
    "GET /_aliases",
    "GET /{index}/_alias",
    "GET /_alias/{id}",
    "GET /{index}/_alias/{id}",
    "HEAD /_alias/{id}",
    "HEAD /{index}/_alias/{id}",
  ],
  async answer({ index, id, params }, backend) {
    const unknown = unknownParameter(params, [...INDICES, "master_timeout", "local"]);
    if (unknown !== "") return declined("unsupported", unknown);
    if (/(^|,)[-<]|(^|,)_all(,|$)/.test(id)) return declined("unsupported", "names that leave others out are Elasticsearch's to look up");
    const indices = await backend.indices(index, everyIndex(params));
    if (indices.kind !== "found") return indices;
    if (indices.value.some((each) => dataStreamOf(each) !== "")) {
      return declined("unsupported", "aliases of data streams are Elasticsearch's to tell");
    }
    const shown = indices.value.filter((each) => id === "" || aliasesOf(each, id).length > 0);
    const body = byName(shown, (each) => ({ aliases: jsonObject(aliasesOf(each, id)) }));
    const names = new Set(shown.flatMap((each) => aliasesOf(each).map(([name]) => name)));
    const missing = id
      .split(",")
      .filter((name) => name !== "" && !name.includes("*") && !names.has(name))
      .toSorted();
    if (missing.length === 0) return json(body);
    const error = `${missing.length === 1 ? "alias" : "aliases"} [${missing.join(",")}] missing`;
    return json({ error, status: 404, ...body }, [], 404);
  },
};

/** Names and patterns; what leaves others out and date math are Elasticsearch's to resolve. */
export const resolveIndex: Endpoint = {
  paths: ["GET /_resolve/index/{id}"],
  asks: ({ id, params }) => [{ expression: id, params }],
  async answer({ id, params }, backend) {
    const unknown = unknownParameter(params, ["ignore_unavailable", "allow_no_indices"]);
    if (unknown !== "") return declined("unsupported", unknown);
    if (/(^|,)[-<.]|:|(^|,)_all(,|$)/.test(id)) return declined("unsupported", "this expression is Elasticsearch's to resolve");
    const indices = await backend.indices(id, params);
    if (indices.kind !== "found") return indices;
    const listed = indices.value.filter(({ name }) => expressionNames(id, name));
    if (listed.some((index) => isHidden(index) || isClosed(index) || dataStreamOf(index) !== "")) {
      return declined("unsupported", "hidden and closed indices are Elasticsearch's to resolve");
    }
    const aliases = grouped(indices.value, (index) => aliasesOf(index, id).map(([name]) => name));
    const streams = grouped(indices.value, (index) => [dataStreamOf(index)].filter((name) => name !== "" && expressionNames(id, name)));
    return json({
      indices: listed.map(resolved),
      aliases: aliases.map(([name, own]) => ({ name, indices: own })),
      data_streams: streams.map(([name, own]) => ({ name, backing_indices: own, timestamp_field: "@timestamp" })),
    });
  },
};

function resolved(index: IndexDescription): JsonObject {
  const aliases = aliasesOf(index)
    .map(([name]) => name)
    .toSorted();
  const mode = settingOf(index, "mode") || "standard";
  return { name: index.name, ...(aliases.length === 0 ? {} : { aliases }), attributes: ["open"], mode };
}

/** Names in order, each with the indices that it stands for. */
function grouped(
  indices: readonly IndexDescription[],
  namesOf: (index: IndexDescription) => readonly string[],
): readonly (readonly [string, readonly string[]])[] {
  const byName = new Map<string, string[]>();
  for (const index of indices) for (const name of namesOf(index)) byName.set(name, [...(byName.get(name) ?? []), index.name]);
  return [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function byName(indices: readonly IndexDescription[], of: (index: IndexDescription) => JsonValue): JsonObject {
  return jsonObject(indices.map((index) => [index.name, of(index)]));
}
