// `terms`: a bucket for each distinct value, the largest first. Over several shards Elasticsearch sums what each shard sends
// of its own largest; that approximation is reproduced, with its bounds of error, since the table keeps each document's shard.
import type { JsonValue } from "../../../../shared/json.ts";
import { array, call, isTrue } from "../../../clickhouse/sql/ast.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { indexName } from "../../source.ts";
import type { Row } from "../../types.ts";
import { count } from "../cells.ts";
import { includeKeys } from "../include.ts";
import { type KeyForm, termKeys } from "../keys.ts";
import { isCountDescending, isKeyOrder, parseOrder, shardOrder, sqlOrder } from "../order.ts";
import { Parameters } from "../parameters.ts";
import type { AggregationNode, Buckets, Draft, Member, MultiBucketDefinition, ParentRows, Surroundings } from "../types.ts";
import { refusedType, valuesOf } from "../values.ts";

const EMPTY_HEAD: readonly Member[] = [
  ["doc_count_error_upper_bound", 0],
  ["sum_other_doc_count", 0],
];

export const terms: MultiBucketDefinition = { kind: "multi", compile: compileTerms };

function compileTerms(node: AggregationNode, context: Context, { nested, where }: Surroundings): Buckets {
  const parameters = new Parameters(node);
  const form = keysOf(parameters, context);
  const size = parameters.integer("size", 10);
  const requestedShardSize = parameters.number("shard_size");
  const minDocCount = parameters.integer("min_doc_count", 1);
  const shardMinDocCount = parameters.integer("shard_min_doc_count", 0);
  const showError = parameters.boolean("show_term_doc_count_error", false);
  const orders = parseOrder(parameters.value("order"), [{ by: "_count", desc: true }]);
  const byMap = parameters.value("execution_hint") === "map";
  parameters.ignore("collect_mode", "value_type");
  parameters.done();
  if (showError && nested && context.tables.reduce((sum, table) => sum + table.shards, 0) > 1) {
    throw new UnsupportedClause(
      parameters.pointer("show_term_doc_count_error"),
      "over several shards the error of a bucket inside another depends on the order of merging",
    );
  }
  // Over all documents of an index, outside any other bucket, a shard sends every ordinal that it knows (tried on 9.4.3).
  const wholeIndex = !nested && where.every(isTrue) && form?.ordinals === true && !byMap;
  if (size <= 0)
    throw new RejectedRequest("illegal_argument_exception", `[size] must be greater than 0. Found [${size}] in [${node.name}]`);
  if (minDocCount === 0)
    throw new UnsupportedClause(parameters.pointer("min_doc_count"), "terms of documents that don't match are not counted");
  if (form === undefined) {
    return { keys: call("emptyArrayUInt8"), minDocCount: 0, drafts: () => [], head: () => EMPTY_HEAD };
  }
  const shardSize = Math.max(size, requestedShardSize ?? (isKeyOrder(orders) ? size : Math.trunc(size * 1.5 + 10)));
  return {
    keys: form.keys,
    minDocCount,
    cut: (key, sortKeys) => {
      const chosenBy = wholeIndex ? undefined : shardOrder(orders, key, sortKeys);
      return {
        size,
        shardSize,
        shardMinDocCount,
        order: sqlOrder(orders, key, sortKeys),
        ...(chosenBy === undefined ? {} : { shardOrder: chosenBy }),
        shardCutMatters: minDocCount > 1 || shardMinDocCount > 1,
      };
    },
    drafts: (parent) => parent.rows.map((row) => draft(row, parent, form, showError ? bucketError(row, parent, shardSize, orders) : null)),
    head: (parent) => [
      ["doc_count_error_upper_bound", errorOf(parent, shardSize, orders)],
      ["sum_other_doc_count", otherOf(parent)],
    ],
  };
}

function keysOf(parameters: Parameters, context: Context): KeyForm | undefined {
  const format = parameters.text("format");
  const include = parameters.value("include");
  const exclude = parameters.value("exclude");
  if (parameters.field() === "_index") {
    parameters.ignore("field");
    return includeKeys(
      { keys: array(indexName(context)), members: (cell) => [["key", cell]], position: () => Number.NaN },
      undefined,
      { include, exclude },
      parameters,
    );
  }
  const values = valuesOf(parameters, context);
  if (values === undefined) return undefined;
  if (values.family === "geo_point" || values.family === "other") throw refusedType(values, parameters);
  return includeKeys(termKeys(values, format, undefined), values, { include, exclude }, parameters);
}

function draft(row: Row, parent: ParentRows, form: KeyForm, error: number | null): Draft {
  const cell: JsonValue = row[parent.cells.key] ?? null;
  const docCount = count(row, parent.cells.count);
  const key = form.members(cell);
  const errors: readonly Member[] = error === null ? [] : [["doc_count_error_upper_bound", error]];
  const name = key.find(([member]) => member === "key_as_string")?.[1] ?? key[0]?.[1];
  return { row, cell, docCount, members: [...key, ["doc_count", docCount], ...errors], name: String(name), position: form.position(cell) };
}

/** The largest count that a bucket may have lost: what the last bucket of each full shard had. */
function errorOf(parent: ParentRows, shardSize: number, orders: ReturnType<typeof parseOrder>): number {
  if (parent.shards === null) {
    return isKeyOrder(orders) || isCountDescending(orders) || !isFull(parent, shardSize) ? 0 : -1;
  }
  const errors = parent.shards.map((shard) => shardError(shard, shardSize, orders));
  if (errors.includes(-1)) return -1;
  return errors.length === 1 ? 0 : errors.reduce((sum, error) => sum + error, 0);
}

function shardError(shard: Row, shardSize: number, orders: ReturnType<typeof parseOrder>): number {
  if (count(shard, "#buckets") < shardSize || isKeyOrder(orders)) return 0;
  return isCountDescending(orders) ? count(shard, "#last") : -1;
}

// One shard sends as many buckets as there are, up to shardSize; how many there are shows in the statement's total.
function isFull(parent: ParentRows, shardSize: number): boolean {
  const [first] = parent.rows;
  return first !== undefined && count(first, "#distinct") >= shardSize;
}

function bucketError(row: Row, parent: ParentRows, shardSize: number, orders: ReturnType<typeof parseOrder>): number {
  const whole = errorOf(parent, shardSize, orders);
  if (parent.shards === null || parent.cells.shards === undefined || whole === -1) return whole;
  const sent = row[parent.cells.shards];
  const names = new Set(Array.isArray(sent) ? sent.map(String) : []);
  const silent = parent.shards.filter((shard) => !names.has(String(shard["#shard"])));
  return silent.reduce((sum, shard) => sum + shardError(shard, shardSize, orders), 0);
}

function otherOf(parent: ParentRows): number {
  const [first] = parent.rows;
  const returned = parent.rows.reduce((sum, row) => sum + count(row, parent.cells.count), 0);
  const merged = first === undefined ? 0 : count(first, parent.cells.total);
  const heldBack = (parent.shards ?? []).reduce((sum, shard) => sum + count(shard, "#total") - count(shard, "#kept"), 0);
  return heldBack + merged - returned;
}
