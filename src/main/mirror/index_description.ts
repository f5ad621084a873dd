// What Elasticsearch says of an index (GET index): mapping, shards, pipelines, aliases. Pure.
import { isObject, type JsonObject, jsonObject, member, objectAt } from "../../shared/json.ts";
import { type Mapping, parseMapping } from "../elasticsearch/mapping.ts";
import { routingShardsOf, type Sharding } from "../elasticsearch/routing.ts";

export interface Alias {
  readonly name: string;
  /** True when searches through it see only some documents. */
  readonly narrowed: boolean;
  /** True when what is written to it may go to this index. */
  readonly writes: boolean;
  /** Of what is written to it without one; "" for none. */
  readonly routing: string;
}

export interface IndexDescription extends Sharding {
  readonly name: string;
  /** "" where unknown. */
  readonly uuid: string;
  /** Epoch ms by Elasticsearch's clock; 0 where unknown. */
  readonly created: number;
  readonly mapping: Mapping;
  /** The value of `mappings`, for what Mapping leaves out (dynamic, enabled). */
  readonly mappings: JsonObject;
  /** The analyzers of its own, as its settings have them. */
  readonly analysis: JsonObject | undefined;
  /** All that Elasticsearch said of it. */
  readonly raw: JsonObject;
  /** Its `index.max_result_window`; null where nobody set it. */
  readonly resultWindow: number | null;
  /** How often Elasticsearch shows what was written, ms; Infinity where only when it is told to. */
  readonly refreshMs: number;
  /** True when an ingest pipeline changes documents on their way in. */
  readonly pipeline: boolean;
  readonly aliases: readonly Alias[];
  /** "" or why its documents can't be mirrored. */
  readonly problem: string;
}

/** Reads `{name: {aliases, mappings, settings}, …}`. */
export function readDescriptions(answer: JsonObject): readonly IndexDescription[] {
  return Object.entries(answer).flatMap(([name, value]) => (isObject(value) ? [readDescription(name, value)] : []));
}

function readDescription(name: string, value: JsonObject): IndexDescription {
  const settings = objectAt(objectAt(value, "settings"), "index");
  const lenient = textAt(objectAt(settings, "mapping"), "ignore_malformed") === "true";
  const own = objectAt(value, "mappings");
  const mappings = lenient ? lenientMapping(own) : own;
  const analysis = analysisOf(settings);
  return Object.freeze({
    name,
    uuid: textAt(settings, "uuid"),
    created: Number(textAt(settings, "creation_date")),
    mapping: parseMapping(mappings, analysis),
    mappings,
    analysis,
    raw: value,
    ...shardingOf(settings),
    resultWindow: Number(textAt(settings, "max_result_window")) || null,
    refreshMs: refreshMsOf(textAt(settings, "refresh_interval")),
    pipeline: [textAt(settings, "default_pipeline"), textAt(settings, "final_pipeline")].some((id) => id !== "" && id !== "_none"),
    aliases: aliasesOf(value),
    problem: problemOf(mappings, settings),
  });
}

/** Elasticsearch's own, where an index says nothing. */
export const REFRESH_MS = 1_000;
const UNIT_MS: Readonly<Record<string, number>> = { nanos: 1e-6, micros: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Of `index.refresh_interval`: `30s`, `-1` for never. */
function refreshMsOf(text: string): number {
  if (text.startsWith("-")) return Number.POSITIVE_INFINITY;
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(text) ?? [];
  const ms = Number(count) * (UNIT_MS[unit ?? ""] ?? Number.NaN);
  return Number.isNaN(ms) ? REFRESH_MS : ms;
}

function shardingOf(settings: JsonObject): Sharding {
  const shards = Number(textAt(settings, "number_of_shards") || "1");
  const created = Number.parseInt(textAt(objectAt(settings, "version"), "created"), 10);
  const set = textAt(settings, "number_of_routing_shards");
  const routingShards = routingShardsOf(created, shards, set === "" ? undefined : Number(set));
  return routingShards === undefined ? { shards } : { shards, routingShards };
}

function analysisOf(settings: JsonObject): JsonObject | undefined {
  const analysis = member(settings, "analysis");
  return isObject(analysis) ? analysis : undefined;
}

function aliasesOf(value: JsonObject): readonly Alias[] {
  const aliases = Object.entries(objectAt(value, "aliases")).map(([alias, of]) => aliasOf(alias, isObject(of) ? of : EMPTY));
  const stream = textAt(value, "data_stream");
  return stream === "" ? aliases : [...aliases, aliasOf(stream, EMPTY)];
}

/** The index's own `ignore_malformed` is each field's that does not say otherwise. */
function lenientMapping(definition: JsonObject): JsonObject {
  const children = (name: string): readonly (readonly [string, JsonObject])[] => {
    const inner = Object.entries(objectAt(definition, name)).flatMap(([key, child]) =>
      isObject(child) ? [[key, lenientMapping(child)] as const] : [],
    );
    return inner.length === 0 ? [] : [[name, jsonObject(inner)]];
  };
  const leaf = member(definition, "type") !== undefined && member(definition, "ignore_malformed") === undefined;
  const added: readonly (readonly [string, boolean])[] = leaf ? [["ignore_malformed", true]] : [];
  return jsonObject([...Object.entries(definition), ...children("properties"), ...children("fields"), ...added]);
}

function aliasOf(name: string, of: JsonObject): Alias {
  const narrowed = member(of, "filter") !== undefined || member(of, "search_routing") !== undefined;
  return { name, narrowed, writes: member(of, "is_write_index") !== false, routing: textAt(of, "index_routing") };
}

function problemOf(mappings: JsonObject, settings: JsonObject): string {
  const source = objectAt(mappings, "_source");
  if (member(source, "enabled") === false) return "its _source is switched off";
  if (member(source, "mode") === "synthetic") return "its _source is synthetic";
  if (member(source, "includes") !== undefined || member(source, "excludes") !== undefined) return "its _source leaves fields out";
  const mode = textAt(objectAt(objectAt(settings, "mapping"), "source"), "mode");
  if (mode !== "" && mode !== "stored") return `its _source is ${mode}`;
  if (Number(textAt(settings, "routing_partition_size") || "1") > 1) return "it spreads one routing value over several shards";
  if (textAt(settings, "mode") === "time_series") return "it is a time series index";
  return "";
}

const EMPTY: JsonObject = jsonObject([]);

function textAt(object: JsonObject, name: string): string {
  const value = member(object, name);
  return value === undefined || value === null || isObject(value) ? "" : String(value);
}
