// The query that finds a bucket's documents, made of its key: the same choice for both sides. Pure.
import {
  isArray,
  isNumber,
  isObject,
  type JsonObject,
  type JsonValue,
  jsonObject,
  member,
  numberAt,
  printJson,
} from "../../shared/json.ts";
import type { Level } from "./place.ts";

/** Elasticsearch's name of a field's type; undefined for a field that is not mapped. */
export type TypeOf = (field: string) => string | undefined;

/** A bucket whose documents no query finds by its key. */
export class NoFilter extends Error {
  override readonly name = "NoFilter";
}

/** Elasticsearch's clauses for all buckets on the way, outermost first. Throws NoFilter. */
export function bucketFilters(levels: readonly Level[], typeOf: TypeOf): readonly JsonObject[] {
  const filters: JsonObject[] = [];
  // Clauses on nested objects, and the path that they are about.
  let inside: JsonObject[] | null = null;
  let path = "";
  const leave = (): void => {
    if (inside !== null) filters.push({ nested: { path, query: { bool: { filter: inside } } } });
    inside = null;
  };
  for (const level of levels) {
    if (level.bucket === null) continue;
    if (level.type === "nested") {
      leave();
      inside = [];
      path = text(level.options, "path") ?? "";
    } else if (level.type === "reverse_nested") leave();
    else (inside ?? filters).push(...ownFilters(level, level.bucket, typeOf));
  }
  leave();
  return filters;
}

/** Whether a bucket on the way begins anew with all documents, whatever the query. */
export function leavesQuery(levels: readonly Level[]): boolean {
  return levels.some(({ type }) => type === "global");
}

function ownFilters({ type, options, step, answers }: Level, bucket: JsonObject, typeOf: TypeOf): readonly JsonObject[] {
  const key = member(bucket, "key");
  switch (type) {
    case "terms":
    case "rare_terms":
    case "significant_terms":
      return [termFilter(options, key, typeOf)];
    case "multi_terms":
      return partsOf(options, "terms").map((part, i) => termFilter(part, isArray(key) ? key[i] : undefined, typeOf));
    case "date_histogram":
      return [datesFilter(options, key)];
    case "auto_date_histogram":
      return [datesFilter({ ...options, ...autoInterval(answers.elasticsearch ?? answers.clickhouse) }, key)];
    case "histogram":
      return [histogramFilter(options, key)];
    case "range":
    case "date_range":
    case "ip_range":
      return [rangeFilter(options, bucket, type === "date_range")];
    case "filters":
      return [oneOfFilters(options, step ?? "")];
    case "adjacency_matrix":
      return String(key)
        .split(text(options, "separator") ?? "&")
        .map((name) => clauseAt(member(options, "filters"), name));
    case "filter":
      return [options];
    case "missing":
      return [without(fieldOf(options))];
    case "composite":
      return partsOf(options, "sources").map((source) => compositeFilter(source, key, typeOf));
    case "global":
      return [];
    default:
      throw new NoFilter(`no query finds the documents of a bucket of [${type}] by its key`);
  }
}

function partsOf(options: JsonObject, name: string): readonly JsonObject[] {
  const parts = member(options, name);
  return isArray(parts) ? parts.filter(isObject) : [];
}

function fieldOf(options: JsonObject): string {
  const field = member(options, "field");
  if (typeof field !== "string") throw new NoFilter("its keys come of a script, not of a field");
  return field;
}

function without(field: string): JsonObject {
  return { bool: { must_not: [{ exists: { field } }] } };
}

function termFilter(options: JsonObject, key: JsonValue | undefined, typeOf: TypeOf): JsonObject {
  const field = fieldOf(options);
  if (key === null) return without(field);
  if (key === undefined || isObject(key) || isArray(key) || member(options, "script") !== undefined) {
    throw new NoFilter("its key is not a value of a field");
  }
  const clause = termClause(field, key, typeOf(field));
  const stand = member(options, "missing");
  if (stand === undefined || printJson(stand) !== printJson(key)) return clause;
  return { bool: { should: [clause, without(field)], minimum_should_match: 1 } };
}

function termClause(field: string, key: JsonValue, type: string | undefined): JsonObject {
  if ((type === "date" || type === "date_nanos") && isNumber(key)) {
    return { range: jsonObject([[field, { gte: key, lte: key, format: "epoch_millis" }]]) };
  }
  const value = type === "boolean" && isNumber(key) ? Number(key) === 1 : key;
  if (type === "text" && typeof key === "string") return { match_phrase: jsonObject([[field, key]]) };
  return { term: jsonObject([[field, { value }]]) };
}

const CALENDAR: Readonly<Record<string, string>> = {
  second: "1s",
  minute: "1m",
  hour: "1h",
  day: "1d",
  week: "1w",
  month: "1M",
  quarter: "3M",
  year: "1y",
  "1q": "3M",
};
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function datesFilter(options: JsonObject, key: JsonValue | undefined): JsonObject {
  const field = fieldOf(options);
  if (!isNumber(key)) throw new NoFilter("its key is no date");
  const calendar = text(options, "calendar_interval");
  const zone = text(options, "time_zone");
  if (calendar !== null) {
    const begin = new Date(Number(key)).toISOString();
    // Months and days are as long as the clocks there say.
    const end = `${begin}||+${CALENDAR[calendar] ?? calendar}`;
    const format = "strict_date_optional_time";
    return { range: jsonObject([[field, { gte: begin, lt: end, format, ...(zone === null ? {} : { time_zone: zone }) }]]) };
  }
  const fixed = text(options, "fixed_interval") ?? text(options, "interval");
  const parts = fixed === null ? null : /^(\d+)(ms|s|m|h|d)$/.exec(fixed);
  if (parts === null) throw new NoFilter(`its interval [${fixed ?? ""}] has no fixed length`);
  const end = Number(key) + Number(parts[1]) * (UNITS[parts[2] ?? ""] ?? 0);
  return { range: jsonObject([[field, { gte: key, lt: end, format: "epoch_millis" }]]) };
}

/** `7d`, as the answer tells it, counted by the calendar. */
function autoInterval(answer: JsonValue | undefined): JsonObject {
  const interval = isObject(answer) ? member(answer, "interval") : undefined;
  return typeof interval === "string" ? { calendar_interval: interval } : {};
}

function text(options: JsonObject, name: string): string | null {
  const value = member(options, name);
  return typeof value === "string" ? value : null;
}

function histogramFilter(options: JsonObject, key: JsonValue | undefined): JsonObject {
  const interval = numberAt(options, "interval");
  if (!isNumber(key) || interval === null) throw new NoFilter("its interval is not known");
  return { range: jsonObject([[fieldOf(options), { gte: key, lt: Number(key) + interval }]]) };
}

function rangeFilter(options: JsonObject, bucket: JsonObject, dates: boolean): JsonObject {
  const [from, to] = [member(bucket, "from"), member(bucket, "to")];
  const ends: JsonObject = {
    ...(from === undefined ? {} : { gte: from }),
    ...(to === undefined ? {} : { lt: to }),
    ...(dates ? { format: "epoch_millis" } : {}),
  };
  const field = fieldOf(options);
  return from === undefined && to === undefined ? { exists: { field } } : { range: jsonObject([[field, ends]]) };
}

function oneOfFilters(options: JsonObject, step: string): JsonObject {
  const filters = member(options, "filters");
  const name = /^\[key=(.*)\]$/s.exec(step)?.[1] ?? step;
  const all = isObject(filters) ? Object.entries(filters) : isArray(filters) ? filters.map((one, i) => [String(i), one] as const) : [];
  const own = all.find(([each]) => each === name)?.[1];
  if (isObject(own)) return own;
  return { bool: { must_not: all.map(([, one]) => one) } };
}

function clauseAt(filters: JsonValue | undefined, name: string): JsonObject {
  const own = isObject(filters) ? member(filters, name) : undefined;
  if (!isObject(own)) throw new NoFilter(`no filter is called [${name}]`);
  return own;
}

function compositeFilter(source: JsonObject, key: JsonValue | undefined, typeOf: TypeOf): JsonObject {
  const [name, definition] = Object.entries(source)[0] ?? ["", undefined];
  const [type, options] = isObject(definition) ? (Object.entries(definition)[0] ?? ["", undefined]) : ["", undefined];
  const own = isObject(key) ? member(key, name) : undefined;
  if (!isObject(options)) throw new NoFilter("its source can't be read");
  if (own === null) return without(fieldOf(options));
  if (type === "date_histogram") return datesFilter(options, own);
  if (type === "histogram") return histogramFilter(options, own);
  if (type === "terms") return termFilter(options, own, typeOf);
  throw new NoFilter(`no query finds the documents of a source of [${type}] by its key`);
}
