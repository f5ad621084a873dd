// What is known of indices: `_mapping`, `_alias`, `_resolve/index`, as Elasticsearch described them last.
import { isObject, type JsonObject, type JsonValue, jsonObject, member } from "../../shared/json.ts";
import type { IndexDescription } from "../mirror/index_description.ts";
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
  paths: ["GET /{index}/_alias"],
  async answer({ index, params }, backend) {
    const unknown = unknownParameter(params, [...INDICES, "master_timeout", "local"]);
    if (unknown !== "") return declined("unsupported", unknown);
    const indices = await backend.indices(index, params);
    if (indices.kind !== "found") return indices;
    if (indices.value.some(({ raw }) => member(raw, "data_stream") !== undefined)) {
      return declined("unsupported", "aliases of data streams are Elasticsearch's to tell");
    }
    return json(byName(indices.value, ({ raw }) => ({ aliases: member(raw, "aliases") ?? {} })));
  },
};

/** Plain names and patterns of open indices that no data stream stands behind; all else is Elasticsearch's to resolve. */
export const resolveIndex: Endpoint = {
  paths: ["GET /_resolve/index/{id}"],
  async answer({ id, params }, backend) {
    const unknown = unknownParameter(params, []);
    if (unknown !== "") return declined("unsupported", unknown);
    if (!/^[^,<:-][^,<:]*\*$/.test(id)) return declined("unsupported", "only one pattern with * at its end is resolved here");
    const indices = await backend.indices(id, params);
    if (indices.kind !== "found") return indices;
    const raws = indices.value.map(({ name, raw }) => ({ name, raw }));
    if (raws.some(({ raw }) => member(raw, "data_stream") !== undefined)) {
      return declined("unsupported", "data streams are Elasticsearch's to resolve");
    }
    const start = id.slice(0, -1);
    const aliases = new Map<string, string[]>();
    for (const { name, raw } of raws) {
      for (const own of aliasNames(raw)) if (own.startsWith(start)) aliases.set(own, [...(aliases.get(own) ?? []), name]);
    }
    // An alias brings indices in whose own names don't fit: they are not listed by themselves.
    const listed = raws.filter(({ name }) => name.startsWith(start));
    return json({
      indices: listed.map(({ name, raw }) => ({
        name,
        ...(aliasNames(raw).length === 0 ? {} : { aliases: aliasNames(raw).toSorted() }),
        attributes: ["open"],
        mode: modeOf(raw),
      })),
      aliases: [...aliases].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, own]) => ({ name, indices: own })),
      data_streams: [],
    });
  },
};

function aliasNames(raw: JsonObject): readonly string[] {
  const aliases = member(raw, "aliases");
  return isObject(aliases) ? Object.keys(aliases) : [];
}

function modeOf(raw: JsonObject): string {
  const settings = member(raw, "settings");
  const index = isObject(settings) ? member(settings, "index") : undefined;
  const mode = isObject(index) ? member(index, "mode") : undefined;
  return typeof mode === "string" ? mode : "standard";
}

function byName(indices: readonly IndexDescription[], of: (index: IndexDescription) => JsonValue): JsonObject {
  return jsonObject(indices.map((index) => [index.name, of(index)]));
}
