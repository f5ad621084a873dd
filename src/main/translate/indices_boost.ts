// `indices_boost`: the scores of some of the indices searched, multiplied.
import { isArray, isNumber, isObject, type JsonObject, member } from "../../shared/json.ts";
import { binary, call, param } from "../clickhouse/sql/ast.ts";
import type { Context } from "./context.ts";
import { RejectedRequest, UnsupportedClause } from "./failure.ts";
import { boosted } from "./query/compiled.ts";
import { scoringOf } from "./query/score.ts";
import type { Compiled } from "./query/types.ts";
import { indexName } from "./source.ts";

/** The query with the scores that the body asks for. Throws UnsupportedClause on names that may be aliases. */
export function withIndexBoosts(query: Compiled, body: JsonObject, context: Context): Compiled {
  const entries = entriesOf(body);
  if (entries.length === 0) return query;
  const names = context.tables.map(({ index }) => index);
  for (const { name, pointer, boost } of entries) {
    if (!name.includes("*") && !names.includes(name))
      throw new UnsupportedClause(pointer, `[${name}] is none of the indices searched, but may be an alias of one`);
    if (boost < 0) throw new UnsupportedClause(pointer, "a negative boost fails on its shards");
  }
  const boosts = names.map((index) => entries.find(({ name }) => matches(name, index))?.boost ?? 1);
  const [first = 1] = boosts;
  if (boosts.every((boost) => boost === first)) return boosted(query, first);
  const scoring = scoringOf(query);
  if (scoring === undefined) return query;
  const boost = call("arrayElement", param("Array(Float64)", boosts), call("indexOf", param("Array(String)", names), indexName(context)));
  return { ...query, score: null, scoring: call("toFloat64", call("toFloat32", binary(scoring, "*", boost))) };
}

interface Entry {
  readonly name: string;
  readonly pointer: string;
  readonly boost: number;
}

function entriesOf(body: JsonObject): readonly Entry[] {
  const value = member(body, "indices_boost") ?? null;
  if (value === null) return [];
  if (!isArray(value)) throw new RejectedRequest("parsing_exception", "Unknown key in [indices_boost].");
  return value.map((entry, i) => {
    const [name = "", ...others] = isObject(entry) ? Object.keys(entry) : [];
    const boost = isObject(entry) ? member(entry, name) : undefined;
    if (boost === undefined || others.length > 0 || !isNumber(boost)) {
      throw new RejectedRequest("parsing_exception", "Expected one index with a number in [indices_boost].");
    }
    return { name, pointer: `/indices_boost/${i}`, boost: Math.fround(Number(boost)) };
  });
}

function matches(pattern: string, index: string): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`, "su").test(index);
}
