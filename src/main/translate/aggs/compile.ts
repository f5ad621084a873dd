// From nodes to statements and back to the answer: one walk that compiles, one that shapes.
import { type Expr, FALSE, marked } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import type { Row, Statement } from "../types.ts";
import { assemble, merge, metaOf } from "./answer.ts";
import { parsePath, type Step } from "./buckets_path.ts";
import { count } from "./cells.ts";
import { fitColumns } from "./fit_columns.ts";
import { Grain } from "./grain.ts";
import { LevelStatement } from "./level_statement.ts";
import { checkPaths, inOrderOfUse } from "./pipeline_order.ts";
import { bucketPath, type Results } from "./results.ts";
import { definitionOf } from "./table.ts";
import type {
  AggregationNode,
  Buckets,
  Draft,
  MetricDefinition,
  MultiBucketDefinition,
  NamedShape,
  ParentPipelineDefinition,
  RowsDefinition,
  ScopeDefinition,
  SearchAround,
  Shaped,
  ShapedBucket,
  SiblingPipelineDefinition,
  SingleBucketDefinition,
  Surroundings,
} from "./types.ts";

/** Where a group of sibling aggregations stands while compiling. */
interface Site {
  readonly context: Context;
  readonly search: SearchAround;
  readonly statement: LevelStatement;
  readonly grain: Grain;
  readonly where: readonly Expr[];
  /** True where all buckets around are in the answer: none is cut off. */
  readonly whole: boolean;
  /** Path of names, `a>b`; "" at the root. */
  readonly path: string;
  /** The aggregations on the way, from the root down. */
  readonly above: readonly AggregationNode[];
  /** All that is compiled here. */
  readonly beside: readonly AggregationNode[];
  readonly statements: (() => readonly Statement[])[];
}

/** The bucket that is being shaped. */
interface Place {
  readonly results: Results;
  readonly row: Row | null;
  readonly path: string;
  readonly docCount: number;
}

interface Compiled {
  readonly name: string;
  shape(place: Place): Shaped;
  sortKey(steps: readonly Step[]): Expr | undefined;
}

interface Siblings {
  readonly compiled: readonly Compiled[];
  readonly parentPipelines: readonly ((buckets: readonly ShapedBucket[]) => readonly ShapedBucket[])[];
  shape(place: Place): readonly NamedShape[];
}

export interface CompiledTree {
  statements(): readonly Statement[];
  shape(results: Results): Shaped;
}

/** Compiles the aggregations at the root of a request. */
export function compileTree(nodes: readonly AggregationNode[], context: Context, where: Expr, search: SearchAround): CompiledTree {
  const statement = new LevelStatement("aggs", context, [], undefined, [where]);
  const statements: (() => readonly Statement[])[] = [() => built(statement)];
  const siblings = compileSiblings(nodes, {
    context,
    search,
    statement,
    grain: new Grain(statement),
    where: [where],
    whole: true,
    path: "",
    above: [],
    beside: nodes,
    statements,
  });
  if (siblings.parentPipelines.length > 0) throw notInside(nodes.find((node) => definitionOf(node).kind === "parent_pipeline"));
  return {
    statements: () => statements.flatMap((build) => build()),
    shape(results) {
      const row = results.of("aggs", [], "")[0] ?? null;
      return merge([], siblings.shape({ results, row, path: "", docCount: count(row, statement.cells.count) }));
    },
  };
}

function compileSiblings(nodes: readonly AggregationNode[], around: Site): Siblings {
  const site = { ...around, beside: nodes };
  const compiled: Compiled[] = [];
  const pipelines: { node: AggregationNode; definition: ParentPipelineDefinition | SiblingPipelineDefinition }[] = [];
  for (const node of nodes) {
    const definition = definitionOf(node);
    if (definition.kind === "parent_pipeline" || definition.kind === "sibling_pipeline") pipelines.push({ node, definition });
    else compiled.push(withMeta(node, compileNode(node, definition, site)));
  }
  checkPaths(pipelines, nodes);
  const ordered = inOrderOfUse(pipelines);
  const siblingPipelines = ordered.flatMap(({ node, definition }) =>
    definition.kind === "sibling_pipeline" ? [{ node, compute: definition.compile(node) }] : [],
  );
  return {
    compiled,
    parentPipelines: ordered.flatMap(({ node, definition }) =>
      definition.kind === "parent_pipeline" ? [definition.compile(node, nodes)] : [],
    ),
    shape(place) {
      const shaped: NamedShape[] = compiled.map((each) => [each.name, each.shape(place)]);
      for (const { node, compute } of siblingPipelines) shaped.push([node.name, metaOf(node, compute(shaped))]);
      return shaped;
    },
  };
}

type Plain = MetricDefinition | RowsDefinition | SingleBucketDefinition | ScopeDefinition | MultiBucketDefinition;

function compileNode(node: AggregationNode, definition: Plain, site: Site): Compiled {
  switch (definition.kind) {
    case "metric":
      return compileMetric(node, definition, site);
    case "rows":
      return compileRows(node, definition, site);
    case "single":
      return compileSingle(node, definition, site);
    case "scope":
      return compileScope(node, definition, site);
    case "multi":
      return compileMulti(node, definition, site);
  }
}

function compileMetric(node: AggregationNode, definition: MetricDefinition, site: Site): Compiled {
  refuseChildren(node);
  const metric = definition.compile(node, site.grain.of(node.pointer), site.context, {
    above: site.above,
    beside: site.beside,
    keyCell: site.statement.cells.key,
  });
  return {
    name: node.name,
    shape: (place) => metric.shape(place.row),
    sortKey: ([first, ...rest]) => (rest.length > 0 ? undefined : metric.sortKey?.(first?.property)),
  };
}

function compileRows(node: AggregationNode, definition: RowsDefinition, site: Site): Compiled {
  refuseChildren(node);
  const metric = definition.compile(node, site.context, site.search, surroundingsOf(site));
  const name = `aggs ${joinPath(site.path, node.name)}`;
  const keys = site.statement.keyNames;
  site.statement.require();
  site.statements.push(() => [{ name, query: site.statement.topRows(site.where, metric) }]);
  return {
    name: node.name,
    shape: (place) => metric.shape(place.results.of(name, keys, place.path), place.docCount),
    sortKey: () => undefined,
  };
}

function compileSingle(node: AggregationNode, definition: SingleBucketDefinition, site: Site): Compiled {
  const path = joinPath(site.path, node.name);
  const condition = definition.condition(node, site.context, {
    ...surroundingsOf(site),
    below: site.path !== "",
    query: site.search.query,
  });
  const outer = { ...site, above: [...site.above, node] };
  const inner =
    definition.global === true
      ? globalSite(node, outer, path)
      : { ...outer, path, grain: site.grain.under(condition), where: [...site.where, condition] };
  const countOf = inner.grain.aggregate("count", []);
  const cell = inner.grain.cell(countOf);
  const siblings = compileSiblings(node.children, inner);
  if (siblings.parentPipelines.length > 0) throw inOneBucket(node);
  const members = definition.members?.(node) ?? [];
  const doubtful = definition.doubtful?.(node, site.context);
  const doubts =
    doubtful === undefined ? undefined : site.grain.cell(site.grain.aggregate("sum", [site.grain.document(doubtful.documents)]));
  return {
    name: node.name,
    shape(place) {
      if (doubtful !== undefined && count(place.row, doubts ?? "") > 0) throw new UnsupportedClause(node.pointer, doubtful.reason);
      const row = definition.global === true ? (place.results.of(inner.statement.name, [], "")[0] ?? null) : place.row;
      const docCount = count(row, cell);
      const children = siblings.shape({ ...place, row, docCount });
      return { ...merge([...members, ["doc_count", docCount]], children), children };
    },
    sortKey([first, ...rest]) {
      if (rest.length > 0) return sortKeyIn(siblings, rest);
      return first?.property === undefined || first.property === "doc_count" ? countOf : undefined;
    },
  };
}

function compileScope(node: AggregationNode, definition: ScopeDefinition, site: Site): Compiled {
  const path = joinPath(site.path, node.name);
  const context = definition.enter(node, site.context);
  const where = context.none === true ? [...site.where, FALSE] : site.where;
  const statement = new LevelStatement(`aggs ${path}`, context, site.statement.path, undefined, where);
  statement.require();
  site.statements.push(() => built(statement));
  const siblings = compileSiblings(node.children, {
    ...site,
    context,
    statement,
    grain: new Grain(statement),
    where,
    path,
    above: [...site.above, node],
  });
  if (siblings.parentPipelines.length > 0) throw inOneBucket(node);
  return {
    name: node.name,
    shape(place) {
      const row = place.results.of(statement.name, statement.keyNames, place.path)[0] ?? null;
      const docCount = count(row, statement.cells.count);
      const children = siblings.shape({ ...place, row, docCount });
      return { ...merge([["doc_count", docCount]], children), children };
    },
    sortKey: () => {
      throw new UnsupportedClause(node.pointer, "the order of buckets by what is in their nested objects has no SQL yet");
    },
  };
}

function globalSite(node: AggregationNode, site: Site, path: string): Site {
  if (site.path !== "") {
    throw new RejectedRequest(
      "illegal_argument_exception",
      `Aggregation [${node.name}] cannot have a global sub-aggregation [${node.name}]. Global aggregations can only be defined as top level aggregations`,
    );
  }
  const statement = new LevelStatement(`aggs ${path}`, site.context, [], undefined, []);
  site.statements.push(() => built(statement));
  return { ...site, statement, grain: new Grain(statement), where: [], path };
}

function compileMulti(node: AggregationNode, definition: MultiBucketDefinition, site: Site): Compiled {
  const path = joinPath(site.path, node.name);
  const buckets = definition.compile(node, site.context, surroundingsOf(site));
  const { conditions } = buckets;
  if (conditions !== undefined && site.whole && fitColumns(conditions.length, node.children)) {
    return compileConditions(node, buckets, conditions, site, path);
  }
  const keys = marked(node.pointer, buckets.keys);
  const statement = new LevelStatement(`aggs ${path}`, site.context, site.statement.path, { keys }, site.where);
  site.statements.push(() => built(statement));
  const whole = site.whole && buckets.cut === undefined && buckets.maxDocCount === undefined;
  const inside = { ...site, statement, grain: new Grain(statement), whole, path, above: [...site.above, node] };
  const siblings = compileSiblings(node.children, inside);
  const sortKeys = (order: string): Expr => {
    const key = sortKeyIn(siblings, parsePath(order));
    if (key === undefined) throw badOrder(order);
    return key;
  };
  const cut = buckets.cut?.(statement.key, sortKeys, statement.parentKeys);
  statement.add(buckets.columns?.(statement.key) ?? []);
  const { aside } = buckets;
  const asideName = `${statement.name} beside`;
  if (aside !== undefined) site.statements.push(() => [{ name: asideName, query: aside }]);
  statement.limitTo(cut, buckets.minDocCount, buckets.maxDocCount);
  const parents = statement.keyNames.slice(0, -1);
  return {
    name: node.name,
    shape(place) {
      const rows = rowsOf(statement, parents, place);
      const cells = statement.cells;
      const shards = cells.shards === undefined ? null : place.results.of(statement.shardsName, parents, place.path);
      const parent = { rows, cells, shards, aside: place.results.of(asideName, [], "")[0] ?? null };
      const drafts = buckets.drafts(parent);
      place.results.countBuckets(drafts.length);
      const shaped = drafts.map((draft) => shapeBucket(draft, siblings, place));
      const arranged = buckets.arrange?.(shaped) ?? shaped;
      const final = siblings.parentPipelines.reduce((all, pipeline) => pipeline(all), arranged);
      return assemble(buckets.head?.(parent, final) ?? [], final, buckets.keyed === true, buckets.tail?.(final) ?? []);
    },
    sortKey: () => undefined,
  };
}

function rowsOf(statement: LevelStatement, parents: readonly string[], { results, path }: Place): readonly Row[] {
  const { name, countedBy } = statement;
  return countedBy === undefined ? results.of(name, parents, path) : results.totals(statement, parents, path, countedBy);
}

/** Buckets of conditions with nothing but metrics inside, as columns of the statement around: one pass, and no document's row repeated. */
function compileConditions(node: AggregationNode, buckets: Buckets, conditions: readonly Expr[], site: Site, path: string): Compiled {
  const inside = { ...site, path, above: [...site.above, node] };
  const columns = conditions.map((condition) => {
    const grain = site.grain.under(marked(node.pointer, condition));
    const counted = grain.cell(grain.aggregate("count", []));
    return { counted, siblings: compileSiblings(node.children, { ...inside, grain, where: [...site.where, condition] }) };
  });
  const cells = { key: "#position", count: "#count", total: "#total", shards: undefined };
  return {
    name: node.name,
    shape(place) {
      const rows = columns
        .map(({ counted }, position) => ({ [cells.key]: position, [cells.count]: count(place.row, counted) }))
        .filter((row) => row[cells.count] !== 0);
      const parent = { rows, cells, shards: null, aside: null };
      const drafts = buckets.drafts(parent);
      place.results.countBuckets(drafts.length);
      const shaped = drafts.map((draft) => ({
        ...draft,
        children: columns[Number(draft.cell)]?.siblings.shape({ ...place, docCount: draft.docCount }) ?? [],
      }));
      const pipelines = columns[0]?.siblings.parentPipelines ?? [];
      const final = pipelines.reduce<readonly ShapedBucket[]>((all, pipeline) => pipeline(all), shaped);
      return assemble([], final, buckets.keyed === true, []);
    },
    sortKey: () => undefined,
  };
}

function surroundingsOf(site: Site): Surroundings {
  return { where: site.where, nested: site.statement.path.length > 0 || site.context.joined !== undefined };
}

function shapeBucket(draft: Draft, siblings: Siblings, place: Place): ShapedBucket {
  const path = bucketPath(place.path, draft.cell);
  return { ...draft, children: siblings.shape({ results: place.results, row: draft.row, path, docCount: draft.docCount }) };
}

function sortKeyIn(siblings: Siblings, steps: readonly Step[]): Expr | undefined {
  const [first] = steps;
  return siblings.compiled.find((each) => each.name === first?.name)?.sortKey(steps);
}

function withMeta(node: AggregationNode, compiled: Compiled): Compiled {
  return node.meta === undefined ? compiled : { ...compiled, shape: (place) => metaOf(node, compiled.shape(place)) };
}

function built(statement: LevelStatement): readonly Statement[] {
  if (statement.countedBy !== undefined) return [];
  const query = statement.build();
  const shards = statement.buildShards();
  return [
    ...(query === undefined ? [] : [{ name: statement.name, query }]),
    ...(shards === undefined ? [] : [{ name: statement.shardsName, query: shards }]),
  ];
}

function joinPath(path: string, name: string): string {
  return path === "" ? name : `${path}>${name}`;
}

function refuseChildren(node: AggregationNode): void {
  if (node.children.length === 0) return;
  throw new RejectedRequest(
    "illegal_argument_exception",
    `Aggregator [${node.name}] of type [${node.type}] cannot accept sub-aggregations`,
  );
}

function notInside(node: AggregationNode | undefined): Error {
  return new RejectedRequest(
    "action_request_validation_exception",
    `Validation Failed: 1: ${node?.type ?? "pipeline"} aggregation [${node?.name ?? ""}] must be declared inside of another aggregation;`,
  );
}

function inOneBucket(node: AggregationNode): Error {
  return new RejectedRequest("illegal_argument_exception", `Expected a multi bucket aggregation but got [${node.type}] around a pipeline`);
}

// A shard calls it `invalid_path`, caused by this; the merging of shards knows this alone.
function badOrder(path: string): RejectedRequest {
  return new RejectedRequest(
    "illegal_argument_exception",
    `Invalid aggregation order path [${path}]. The provided aggregation [${path}] either does not exist, or is a pipeline aggregation and cannot be used to sort the buckets.`,
  );
}
