// What an aggregation is here. Every kind is one file with one definition, listed in table.ts. Three families: metrics are
// columns of the statement of the bucket that they stand in; bucket aggregations compile to an array of keys for each
// document; pipelines compute on the shaped answer.
import type { JsonObject, JsonValue } from "../../../shared/json.ts";
import type { Expr, Order, Query } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import type { Compiled } from "../query/types.ts";
import type { Row, Statement, StatementRows, Tolerance } from "../types.ts";
import type { Grain } from "./grain.ts";

/** An `aggs` tree, compiled. The search wraps it: statements run beside the hits, shape() gives the `aggregations` object. */
export interface CompiledAggregations {
  readonly statements: readonly Statement[];
  /** Tolerance pointers start with `/aggregations`. Throws RejectedRequest where the answer has more than 65535 buckets. */
  shape(rows: StatementRows): { readonly aggregations: JsonObject; readonly tolerances: readonly Tolerance[] };
}

/** One aggregation as the request has it. */
export interface AggregationNode {
  readonly name: string;
  /** Elasticsearch's name of the kind: `terms`. */
  readonly type: string;
  readonly body: JsonObject;
  /** JSON pointer of `body`. */
  readonly pointer: string;
  readonly meta: JsonObject | undefined;
  readonly children: readonly AggregationNode[];
}

/** A piece of the answer, with tolerance pointers relative to it. */
export interface Shaped {
  readonly json: JsonObject;
  readonly tolerances: readonly Tolerance[];
  /** The buckets of a bucket aggregation, for pipelines that look into them. */
  readonly buckets?: readonly ShapedBucket[];
  /** What Elasticsearch sorts by where a property prints null: an empty max is -Infinity. */
  readonly absent?: Readonly<Record<string, number>>;
  /** The metric over this bucket and all before it, for `cumulative_cardinality`. */
  readonly running?: Shaped;
  /** What `moving_percentiles` joins. */
  readonly pool?: Pool;
  /** The sub-aggregations of a single bucket, likewise. */
  readonly children?: readonly NamedShape[];
}

/** The values that a percentiles metric saw. */
export interface Pool {
  /** Ascending. */
  readonly values: readonly number[];
  /** The same metric over other values, ascending. Throws UnsupportedClause where Elasticsearch would estimate. */
  over(values: readonly number[]): Shaped;
}

export type NamedShape = readonly [name: string, shaped: Shaped];

export type Member = readonly [name: string, value: JsonValue];

export interface MetricDefinition {
  readonly kind: "metric";
  compile(node: AggregationNode, grain: Grain, context: Context, around: MetricSurroundings): Metric;
}

/** What stands around a metric. */
export interface MetricSurroundings {
  /** The aggregations that it is inside of, from the root down. */
  readonly above: readonly AggregationNode[];
  /** The aggregations beside it, itself and pipelines too. */
  readonly beside: readonly AggregationNode[];
  /** Name of the cell with the key of the innermost bucket. */
  readonly keyCell: string;
}

export interface Metric {
  /** The value of a bucket from its row; null: a bucket without documents. */
  shape(row: Row | null): Shaped;
  /** What `order` by this metric sorts on; `property` as in `stats.avg`. Undefined: Elasticsearch knows no such value. */
  sortKey?(property: string | undefined): Expr | undefined;
}

/** A statement of its own for a value that is no column: top_hits. `rows` are those of the bucket. */
export interface RowsDefinition {
  readonly kind: "rows";
  compile(node: AggregationNode, context: Context, search: SearchAround, surroundings: Surroundings): RowsMetric;
}

export interface RowsMetric {
  /** Columns that are read of each document. */
  readonly columns: readonly { readonly alias: string; readonly expr: Expr }[];
  readonly order: readonly Order[];
  readonly from: number;
  readonly size: number;
  shape(rows: readonly Row[], docCount: number): Shaped;
}

export interface SingleBucketDefinition {
  readonly kind: "single";
  /** True for the documents of the bucket. */
  condition(node: AggregationNode, context: Context, around: SingleSurroundings): Expr;
  /** Documents around the bucket that leave it to Elasticsearch's order what the answer is, and why. */
  doubtful?(node: AggregationNode, context: Context): { readonly documents: Expr; readonly reason: string } | undefined;
  /** Members of the answer before the count. */
  members?(node: AggregationNode): readonly Member[];
  /** True when the bucket takes no heed of the query (`global`). */
  readonly global?: boolean;
}

/** One bucket of other rows than those around: objects of documents, or documents of objects. It has a statement of its own. */
export interface ScopeDefinition {
  readonly kind: "scope";
  /** What its rows stand for; `none`: there are none. */
  enter(node: AggregationNode, context: Context): Context & { readonly none?: boolean };
}

export interface MultiBucketDefinition {
  readonly kind: "multi";
  compile(node: AggregationNode, context: Context, surroundings: Surroundings): Buckets;
}

/** What stands around a bucket aggregation. */
export interface Surroundings {
  /** Conditions of the documents that are counted, whatever their bucket. */
  readonly where: readonly Expr[];
  /** True below another bucket aggregation with several buckets. */
  readonly nested: boolean;
}

export interface SingleSurroundings extends Surroundings {
  /** True below any other aggregation. */
  readonly below: boolean;
  /** See SearchAround. */
  readonly query: Compiled;
}

/** What the search around says that reaches into aggregations. */
export interface SearchAround {
  /** What documents score by, and what the highlighter looks for. */
  readonly query: Compiled;
  readonly body: JsonObject;
  /** `typed_keys`: names say what their aggregation is. @default false */
  readonly typedKeys?: boolean;
}

/** How `order` finds what to sort on: a path into the sub-aggregations as an expression of the bucket's statement. */
export type SortKeys = (path: string) => Expr;

/** One step of a bucket aggregation's drafts. */
export interface ParentRows {
  /** Rows of the buckets of one parent, in the statement's order. */
  readonly rows: readonly Row[];
  readonly cells: BucketCells;
  /** One row a shard (see LevelStatement.buildShards); null where no shard's cut shows. */
  readonly shards: readonly Row[] | null;
  /** The row of the statement beside (see Buckets.aside). */
  readonly aside: Row | null;
}

/** Which buckets stay, where not all do. */
export interface Cut {
  /** Buckets in the answer, for each parent. */
  readonly size: number;
  /** Buckets that each shard sends. */
  readonly shardSize: number;
  readonly shardMinDocCount: number;
  readonly order: readonly Order[];
  /** The order by which a shard chooses what it sends, where it is another than that of the answer. */
  readonly shardOrder?: readonly Order[];
  /** True when one shard's cut shows in the answer too. */
  readonly shardCutMatters: boolean;
  /** True when shards keep back nothing, however many there are. */
  readonly everyShard?: boolean;
  /** True when buckets below shardMinDocCount do not count among those held back. */
  readonly smallUncounted?: boolean;
  /** True when nobody asks what the shards held back. */
  readonly unreported?: boolean;
}

export interface Buckets {
  /** Array-valued expression over one document: its distinct bucket keys. */
  readonly keys: Expr;
  /** Where the keys are the positions of conditions that hold: those conditions, from position 0. */
  readonly conditions?: readonly Expr[];
  /** Buckets with fewer documents are left out by the statement. */
  readonly minDocCount: number;
  /** Buckets with more documents are left out, too. */
  readonly maxDocCount?: number;
  /** Called once the sub-aggregations are compiled. Undefined: all buckets stay, in key order. */
  cut?(key: Expr, sortKeys: SortKeys, parents: readonly Expr[]): Cut;
  /** Further columns of the statement; the shards that sent a bucket are in its rows as `#shard`. */
  columns?(key: Expr): readonly { readonly alias: string; readonly expr: Expr }[];
  /** A statement beside, of one row. */
  readonly aside?: Query;
  /** The buckets of one parent, in the order of the answer; gaps filled. `rows` are in the statement's order. */
  drafts(parent: ParentRows): readonly Draft[];
  /** Puts shaped buckets in their final order (histograms ordered by a metric). */
  arrange?(buckets: readonly ShapedBucket[]): readonly ShapedBucket[];
  /** Members of the aggregation before `buckets`. */
  head?(parent: ParentRows, buckets: readonly ShapedBucket[]): readonly Member[];
  readonly keyed?: boolean;
  /** Members of the aggregation after `buckets` (`interval`). */
  tail?(buckets: readonly ShapedBucket[]): readonly Member[];
}

/** Names of the cells of a bucket's row. */
export interface BucketCells {
  readonly key: string;
  readonly count: string;
  /** Sum of the counts of all buckets of the parent, before the cut. */
  readonly total: string;
  /** Names of the shards that sent the bucket; undefined where no shard's cut shows. */
  readonly shards: string | undefined;
}

/** A bucket before its sub-aggregations. */
export interface Draft {
  readonly row: Row | null;
  /** The key cell, or what stands for it in an empty bucket. */
  readonly cell: JsonValue;
  /** Members of the bucket: key_as_string, key, from, to …, doc_count. */
  readonly members: readonly Member[];
  /** Where in its members Elasticsearch only approximates; pointers start at the bucket. */
  readonly tolerances?: readonly Tolerance[];
  /** Name in a keyed answer. */
  readonly name: string;
  readonly docCount: number;
  /** The key as a number, for pipelines and sorting; NaN for text. */
  readonly position: number;
}

export interface ShapedBucket extends Draft {
  readonly children: readonly NamedShape[];
}

/** Computes on the buckets of the aggregation that it stands in, after Elasticsearch would have reduced them. */
export interface ParentPipelineDefinition {
  readonly kind: "parent_pipeline";
  /** `beside`: all aggregations of the bucket that it stands in. */
  compile(node: AggregationNode, beside: readonly AggregationNode[]): (buckets: readonly ShapedBucket[]) => readonly ShapedBucket[];
}

/** Computes on a sibling's buckets; `siblings` are the aggregations beside it, shaped. */
export interface SiblingPipelineDefinition {
  readonly kind: "sibling_pipeline";
  compile(node: AggregationNode): (siblings: readonly NamedShape[]) => Shaped;
}

export type Definition =
  | MetricDefinition
  | RowsDefinition
  | SingleBucketDefinition
  | ScopeDefinition
  | MultiBucketDefinition
  | ParentPipelineDefinition
  | SiblingPipelineDefinition;
