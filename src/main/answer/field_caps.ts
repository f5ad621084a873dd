// `_field_caps`: what can be done with the fields of some indices, by their mappings.
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject, member, parseObject } from "../../shared/json.ts";
import type { Field } from "../elasticsearch/mapping.ts";
import { findField } from "../elasticsearch/mapping.ts";
import type { IndexDescription } from "../mirror/index_description.ts";
import { matchesPattern } from "../translate/hits/field_patterns.ts";
import { INDICES, isOn, unknownParameter } from "./parameters.ts";
import { type Call, declined, type Endpoint, json, type RejectedCall } from "./types.ts";

interface Capability {
  readonly type: string;
  readonly metadata: boolean;
  readonly searchable: boolean;
  readonly aggregatable: boolean;
  readonly meta: JsonObject | null;
}

/** Of Elasticsearch 9.4: type, searchable, aggregatable. */
const METADATA: Readonly<Record<string, readonly [string, boolean, boolean]>> = {
  _data_stream_timestamp: ["_data_stream_timestamp", false, false],
  _doc_count: ["integer", false, false],
  _field_names: ["_field_names", true, false],
  _id: ["_id", true, false],
  _ignored: ["_ignored", true, true],
  _ignored_source: ["_ignored_source", false, false],
  _index: ["_index", true, true],
  _index_mode: ["_index_mode", true, true],
  _inference_fields: ["_inference_fields", false, false],
  _nested_path: ["_nested_path", true, false],
  _routing: ["_routing", true, false],
  _seq_no: ["_seq_no", true, true],
  _source: ["_source", false, false],
  _tier: ["keyword", true, true],
  _version: ["_version", false, true],
};

/** Names that Elasticsearch gives a type's family by; other types' capabilities are not known here. */
const FAMILY: Readonly<Record<string, string>> = {
  constant_keyword: "keyword",
  wildcard: "keyword",
  match_only_text: "text",
};
const BY_THEMSELVES = new Set(
  "keyword text long integer short byte double float half_float scaled_float unsigned_long date date_nanos boolean ip geo_point flattened version integer_range long_range float_range double_range date_range ip_range".split(
    " ",
  ),
);

export const fieldCaps: Endpoint = {
  paths: ["GET /_field_caps", "POST /_field_caps", "GET /{index}/_field_caps", "POST /{index}/_field_caps"],
  async answer(call, backend) {
    const unknown = unknownParameter(call.params, [...INDICES, "fields", "include_unmapped", "filters", "types"]);
    if (unknown !== "") return declined("unsupported", unknown);
    const request = readRequest(call);
    if (typeof request === "string") return declined("unsupported", request);
    if ("error" in request) return request;
    const indices = await backend.indices(call.index, call.params);
    if (indices.kind !== "found") return indices;
    const caps = indices.value.map((index) => capabilitiesOf(index, request));
    const refused = caps.find((each) => typeof each === "string");
    if (typeof refused === "string") return declined("unsupported", refused);
    const own = caps.filter((each) => typeof each !== "string");
    const names = indices.value.map(({ name }) => name);
    const fields = [...new Set(own.flatMap((each) => [...each.keys()]))];
    const entries = fields.map((field) => [field, merged(field, names, own, request.unmapped)] as const);
    const mixed = entries.find(([, value]) => value === null);
    if (mixed !== undefined) return declined("unsupported", `[${mixed[0]}] can be used in other ways in one index than in another`);
    return json({
      indices: names,
      fields: jsonObject(entries.flatMap(([field, value]) => (value === null ? [] : [[field, value] as const]))),
    });
  },
};

interface Request {
  readonly patterns: readonly string[];
  readonly unmapped: boolean;
  /** `-parent`, `-nested`, … */
  readonly filters: ReadonlySet<string>;
  /** Types that are asked for; null: all. */
  readonly types: ReadonlySet<string> | null;
}

const FILTERS = new Set(["-parent", "-metadata", "+metadata", "-nested", "-multifield"]);

function readRequest({ params, body }: Call): Request | RejectedCall | string {
  const sent = body.trim() === "" ? {} : parseObject(body);
  if (sent === null) return "the body is not a JSON object";
  const other = Object.keys(sent).find((name) => name !== "fields");
  if (other !== undefined) return `[${other}] of _field_caps is Elasticsearch's to answer`;
  const own = member(sent, "fields");
  const patterns = isArray(own) ? own.map(String) : typeof own === "string" ? own.split(",") : (params.get("fields") ?? "").split(",");
  const filters = listOf(params.get("filters"));
  const types = listOf(params.get("types"));
  const unknown = filters.find((filter) => !FILTERS.has(filter));
  if (unknown !== undefined) {
    const error = { status: 400, errorType: "illegal_argument_exception", reason: `Unknown field caps filter [${unknown}]` };
    return { kind: "rejected", error };
  }
  if (patterns.every((pattern) => pattern === "")) return "no fields are named";
  const unmapped = isOn(params, "include_unmapped");
  return { patterns, unmapped, filters: new Set(filters), types: types.length === 0 ? null : new Set(types) };
}

function listOf(value: string | undefined): readonly string[] {
  return (value ?? "").split(",").filter((each) => each !== "");
}

type Capabilities = ReadonlyMap<string, Capability>;

/** By field; in words, why they can't be told. */
function capabilitiesOf({ mapping, raw }: IndexDescription, { patterns, filters, types }: Request): Capabilities | string {
  const caps = new Map<string, Capability>();
  const wanted = (name: string): boolean => patterns.some((pattern) => matchesPattern(pattern, name));
  for (const [name, [type, searchable, aggregatable]] of Object.entries(METADATA)) {
    if (!filters.has("-metadata") && types?.has(type) !== false && wanted(name))
      caps.set(name, { type, metadata: true, searchable, aggregatable, meta: null });
  }
  if (isTimeSeries(raw)) return "indices in a mode of their own are Elasticsearch's to tell of";
  if (filters.has("+metadata")) return caps;
  const above = new Set<string>();
  for (const name of [...mapping.fields.keys(), ...mapping.aliases.keys(), ...mapping.runtime.keys()]) {
    if (!wanted(name)) continue;
    const field = findField(mapping, name);
    if (filters.has("-nested") && (field?.nested ?? null) !== null) continue;
    if (filters.has("-multifield") && field?.multiField === true) continue;
    const runtime = mapping.runtime.get(name);
    const own = runtime === undefined ? field && ofField(field) : ofRuntime(String(member(runtime, "type")));
    if (own === undefined) return `what can be done with [${name}] is Elasticsearch's to tell`;
    if (types?.has(own.type) === false) continue;
    caps.set(name, own);
    for (const parent of parentsOf(field?.path ?? name)) above.add(parent);
  }
  if (filters.has("-parent")) return caps;
  // An object is told of through its fields only.
  for (const [path, kind] of mapping.objects) {
    if (!above.has(path) || caps.has(path) || isDisabled(raw, path)) continue;
    caps.set(path, { type: kind, metadata: false, searchable: false, aggregatable: false, meta: null });
  }
  return caps;
}

function parentsOf(path: string): readonly string[] {
  const steps = path.split(".");
  return steps.slice(1).map((_, i) => steps.slice(0, i + 1).join("."));
}

function ofField({ type, params }: Field): Capability | undefined {
  const family = FAMILY[type] ?? (BY_THEMSELVES.has(type) ? type : undefined);
  if (family === undefined) return undefined;
  const indexed = member(params, "index") !== false;
  const meta = member(params, "meta");
  const base = { type: family, metadata: false, meta: isObject(meta) ? meta : null };
  if (family === "text") return { ...base, searchable: indexed, aggregatable: member(params, "fielddata") === true };
  const docValues = member(params, "doc_values") !== false;
  return { ...base, searchable: indexed || docValues, aggregatable: docValues };
}

function ofRuntime(type: string): Capability {
  return { type, metadata: false, searchable: true, aggregatable: true, meta: null };
}

function isTimeSeries(raw: JsonObject): boolean {
  const settings = member(raw, "settings");
  const index = isObject(settings) ? member(settings, "index") : undefined;
  const mode = isObject(index) ? member(index, "mode") : undefined;
  return mode !== undefined && mode !== "standard";
}

function isDisabled(raw: JsonObject, path: string): boolean {
  let at: JsonValue | undefined = member(raw, "mappings");
  for (const step of path.split(".")) {
    const properties: JsonValue | undefined = isObject(at) ? member(at, "properties") : undefined;
    at = isObject(properties) ? member(properties, step) : undefined;
    if (isObject(at) && member(at, "enabled") === false) return true;
  }
  return false;
}

/** One field over all indices; null when a type of it can be used here in another way than there. */
function merged(field: string, names: readonly string[], caps: readonly Capabilities[], unmapped: boolean): JsonObject | null {
  const own = caps.map((each) => each.get(field));
  const types = new Map<string, { readonly capability: Capability; readonly indices: string[] }>();
  for (const [i, capability] of own.entries()) {
    if (capability === undefined) continue;
    const seen = types.get(capability.type);
    if (seen === undefined) types.set(capability.type, { capability, indices: [names[i] ?? ""] });
    else if (JSON.stringify(seen.capability) !== JSON.stringify(capability)) return null;
    else seen.indices.push(names[i] ?? "");
  }
  const lacking = names.filter((_, i) => own[i] === undefined);
  const none: Capability = { type: "unmapped", metadata: false, searchable: false, aggregatable: false, meta: null };
  if (unmapped && lacking.length > 0) types.set("unmapped", { capability: none, indices: lacking });
  return jsonObject(
    [...types].map(([type, { capability, indices }]) => [
      type,
      {
        type,
        metadata_field: capability.metadata,
        searchable: capability.searchable,
        aggregatable: capability.aggregatable,
        ...(types.size > 1 ? { indices } : {}),
        ...(capability.meta === null ? {} : { meta: listed(capability.meta) }),
      },
    ]),
  );
}

function listed(meta: JsonObject): JsonObject {
  return jsonObject(Object.entries(meta).map(([name, value]) => [name, [value]]));
}
