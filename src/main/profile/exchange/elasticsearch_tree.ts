// Elasticsearch's `profile` of an answer as trees of frames: for each shard its query, collectors, aggregations and fetch. Times in µs. Pure.
import type { ElasticsearchSearchProfile } from "../../../shared/exchange_profile.ts";
import type { FlameNode } from "../../../shared/flame.ts";
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";

/** So much of a clause's description is kept. */
const LONGEST_DESCRIPTION = 300;

/** The profiles in the answer to a search, an `_msearch` or an ES|QL query. */
export function elasticsearchProfiles(answer: JsonObject): readonly ElasticsearchSearchProfile[] {
  const responses = member(answer, "responses");
  if (!isArray(responses)) return [profileOf(answer, 0)];
  return responses.map((response, search) => profileOf(isObject(response) ? response : {}, search));
}

function profileOf(answer: JsonObject, search: number): ElasticsearchSearchProfile {
  const profile = objectIn(answer, "profile");
  const error = member(answer, "error");
  const shards = [...listIn(profile, "shards").map(shard), ...listIn(profile, "drivers").map(driver)];
  const problem = error !== undefined ? `Elasticsearch refused the search: ${reasonOf(error)}.` : "Elasticsearch's answer has no profile.";
  return {
    search,
    tookMs: isNumber(member(answer, "took")) ? numberIn(answer, "took") : null,
    shards: shards.toSorted((a, b) => b.value - a.value),
    problem: shards.length > 0 ? "" : problem,
  };
}

/** The reason in an error of Elasticsearch's. */
export function reasonOf(error: JsonValue): string {
  if (!isObject(error)) return String(error);
  return textIn(error, "reason") || textIn(error, "type") || "it gave no reason";
}

function shard(value: JsonObject): FlameNode {
  const searches = listIn(value, "searches");
  const children = [
    ...Object.values(objectIn(value, "dfs")).flatMap((part) => (isObject(part) && "time_in_nanos" in part ? [clause(part)] : [])),
    ...searches.flatMap((search) => [
      leaf("rewrite", numberIn(search, "rewrite_time")),
      ...listIn(search, "query").map(clause),
      ...listIn(search, "collector").map(collector),
    ]),
    ...listIn(value, "aggregations").map(clause),
    ...("fetch" in value ? [clause(objectIn(value, "fetch"))] : []),
  ].filter((node) => node.value > 0);
  const name = `${textIn(value, "index")}[${numberIn(value, "shard_id")}]`;
  return { ...frame(name, textIn(value, "id"), sum(children)), self: 0, children };
}

/** A query, an aggregation or the fetch phase. One without others under it has the parts of its time there. */
function clause(value: JsonObject): FlameNode {
  const total = nanos(value, "time_in_nanos");
  const parts = breakdown(value);
  const inner = listIn(value, "children").map(clause);
  const children = inner.length > 0 ? inner : parts.filter((part) => part.value > 0);
  const description = [textIn(value, "description").slice(0, LONGEST_DESCRIPTION), inner.length > 0 ? costliest(parts) : ""];
  const node = frame(textIn(value, "type"), description.filter((text) => text !== "").join("; "), Math.max(total, sum(children)));
  return { ...node, self: node.value - sum(children), children };
}

/** What a collector did itself: aggregations tell of their part of it by themselves. */
function collector(value: JsonObject): FlameNode {
  const all = listIn(value, "children");
  const ofAggregations = all.filter((child) => textIn(child, "reason") === "aggregation");
  const children = all.filter((child) => !ofAggregations.includes(child)).map(collector);
  const left = nanos(value, "time_in_nanos") - ofAggregations.reduce((total, child) => total + nanos(child, "time_in_nanos"), 0);
  const node = frame(textIn(value, "name"), textIn(value, "reason"), Math.max(0, left, sum(children)));
  return { ...node, self: node.value - sum(children), children };
}

/** A driver of ES|QL and its operators. */
function driver(value: JsonObject): FlameNode {
  const children = listIn(value, "operators").map((operator) => leaf(textIn(operator, "operator"), operatorNanos(operator)));
  const total = Math.max(nanos(value, "took_nanos"), sum(children));
  const name = textIn(value, "description") || textIn(value, "task_description") || "driver";
  return { ...frame(name, "", total), self: total - sum(children), children: children.filter((child) => child.value > 0) };
}

function operatorNanos(operator: JsonObject): number {
  const status = objectIn(operator, "status");
  return Math.max(0, ...Object.keys(status).map((name) => (name.endsWith("_nanos") ? numberIn(status, name) : 0)));
}

function breakdown(value: JsonObject): readonly FlameNode[] {
  const parts = objectIn(value, "breakdown");
  return Object.keys(parts)
    .filter((name) => !name.endsWith("_count"))
    .map((name) => leaf(name, numberIn(parts, name)));
}

function costliest(parts: readonly FlameNode[]): string {
  const shown = parts.toSorted((a, b) => b.value - a.value).slice(0, 3);
  return shown.flatMap(({ name, value }) => (value > 0 ? [`${name} ${Math.round(value)} µs`] : [])).join(", ");
}

function leaf(name: string, ns: number): FlameNode {
  return { ...frame(name, "", ns / 1000), self: ns / 1000, children: [] };
}

function frame(name: string, where: string, value: number): Omit<FlameNode, "self" | "children"> {
  return { name, where, side: "es", value };
}

function sum(nodes: readonly FlameNode[]): number {
  return nodes.reduce((total, { value }) => total + value, 0);
}

/** ns as µs. */
function nanos(object: JsonObject, name: string): number {
  return numberIn(object, name) / 1000;
}

function numberIn(object: JsonObject, name: string): number {
  const value = member(object, name);
  return isNumber(value) ? Number(value) : 0;
}

function textIn(object: JsonObject, name: string): string {
  const value = member(object, name);
  return typeof value === "string" ? value : "";
}

function objectIn(object: JsonObject, name: string): JsonObject {
  const value = member(object, name);
  return isObject(value) ? value : {};
}

function listIn(object: JsonObject, name: string): readonly JsonObject[] {
  const value = member(object, name);
  return (isArray(value) ? value : []).filter((item) => isObject(item));
}
