// `composite`: a bucket for each combination of keys, in key order, a page at a time.
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject, member } from "../../../../shared/json.ts";
import { and, array, binary, call, column, type Expr, lambda, literal, or, tuple } from "../../../clickhouse/sql/ast.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { count } from "../cells.ts";
import { compileSource, type Source } from "../composite_source.ts";
import { Parameters } from "../parameters.ts";
import { combinations } from "../product.ts";
import type { AggregationNode, Buckets, MultiBucketDefinition, Surroundings } from "../types.ts";

/** Elasticsearch's `search.max_buckets`. */
const MAX_BUCKETS = 65_536;

export const composite: MultiBucketDefinition = { kind: "multi", compile: compileComposite };

function compileComposite(node: AggregationNode, context: Context, { nested }: Surroundings): Buckets {
  const parameters = new Parameters(node);
  const size = parameters.integer("size", 10);
  const after = parameters.object("after");
  const sources = sourcesOf(parameters, context);
  parameters.done();
  // Nested objects may stand around it, buckets may not.
  if (nested && context.joined === undefined) {
    throw new RejectedRequest(
      "illegal_argument_exception",
      "[composite] aggregation cannot be used with a parent aggregation of many buckets",
    );
  }
  // Tried on 9.4.3: nothing checks it.
  if (size === 0) throw new RejectedRequest("null_pointer_exception", "a page without a bucket", 500);
  if (size < 0) throw new RejectedRequest("illegal_argument_exception", "[size] must be a positive integer");
  if (size > MAX_BUCKETS) {
    throw new RejectedRequest(
      "too_many_buckets_exception",
      `Trying to create too many buckets. Must be less than or equal to: [${MAX_BUCKETS}] but was [${size}]. This limit can be set by changing the [search.max_buckets] cluster level setting.`,
    );
  }
  const keys = combinationsOf(sources);
  const parts = sources.flatMap((source, i) => partsOf(source, i, column("t")));
  const following = after === undefined ? undefined : isAfter(parts, afterKeys(sources, after));
  const paged = following === undefined ? keys : call("arrayFilter", lambda(["t"], following), keys);
  return {
    keys: paged,
    minDocCount: 1,
    cut: (key) => ({
      size,
      shardSize: size,
      shardMinDocCount: 0,
      order: sources.flatMap((source, i) => partsOf(source, i, key)).map(({ expr, desc }) => ({ expr, desc })),
      shardCutMatters: false,
      everyShard: true,
    }),
    drafts: ({ rows, cells }) =>
      rows.map((row) => {
        const cell = row[cells.key] ?? null;
        const key = keyOf(sources, cell);
        const docCount = count(row, cells.count);
        return {
          row,
          cell,
          docCount,
          name: Object.values(key).join("|"),
          position: Number.NaN,
          members: [
            ["key", key],
            ["doc_count", docCount],
          ],
        };
      }),
    // What pipelines leave of the buckets is not asked: the next page begins where this one ends.
    head({ rows, cells }) {
      const last = rows.at(-1);
      return last === undefined ? [] : [["after_key", keyOf(sources, last[cells.key] ?? null)]];
    },
  };
}

interface Part {
  readonly expr: Expr;
  readonly desc: boolean;
  /** 0: whether the key is missing, 1: the key. */
  readonly of: 0 | 1;
  readonly source: number;
}

// A key is two elements of the tuple: whether it is there, and what it is.
function partsOf(source: Source, i: number, key: Expr): readonly Part[] {
  const element = (at: number): Expr => call("tupleElement", key, literal(at));
  const value: Part = { expr: element(2 * i + 2), desc: source.desc, of: 1, source: i };
  if (!source.missingBucket) return [value];
  // 0 for a missing key, 1 for one that is there: missing ones first or last, whichever way the keys go.
  return [{ expr: element(2 * i + 1), desc: !source.missingFirst, of: 0, source: i }, value];
}

function combinationsOf(sources: readonly Source[]): Expr {
  const [first, ...rest] = sources;
  if (first === undefined) throw new RejectedRequest("illegal_argument_exception", "Composite [sources] cannot be null or empty");
  const pairs = (source: Source, name: string): Expr => {
    const present = call("arrayMap", lambda([name], tuple(literal(1), column(name))), source.keys);
    return source.missingBucket ? call("if", call("empty", source.keys), array(tuple(literal(0), source.absent)), present) : present;
  };
  return combinations(
    pairs(first, "v"),
    rest.map((source, i) => pairs(source, `v${i}`)),
  );
}

function isAfter(parts: readonly Part[], bounds: readonly (Expr | null)[]): Expr {
  const boundOf = (part: Part): Expr | null => {
    const bound = bounds[part.source] ?? null;
    return part.of === 0 ? literal(bound === null ? 0 : 1) : bound;
  };
  return or(
    parts.flatMap((part, i) => {
      const own = boundOf(part);
      if (own === null) return [];
      const equal = parts.slice(0, i).flatMap((before) => {
        const bound = boundOf(before);
        return bound === null ? [] : [binary(before.expr, "=", bound)];
      });
      return [and([...equal, binary(part.expr, part.desc ? "<" : ">", own)])];
    }),
  );
}

function afterKeys(sources: readonly Source[], after: JsonObject): readonly (Expr | null)[] {
  const given = Object.keys(after).length;
  if (given !== sources.length) {
    throw new RejectedRequest("illegal_argument_exception", `[after] has ${given} value(s) but [sources] has ${sources.length}`);
  }
  return sources.map((source) => {
    const value = member(after, source.name);
    if (value === undefined) throw new RejectedRequest("illegal_argument_exception", `Missing value for [after.${source.name}]`);
    if (value === null && !source.missingBucket) {
      throw new RejectedRequest("illegal_argument_exception", `Invalid value for [after.${source.name}], expected comparable, got [null]`);
    }
    return value === null ? null : source.literal(value);
  });
}

function keyOf(sources: readonly Source[], cell: JsonValue): JsonObject {
  const cells = isArray(cell) ? cell : [];
  return jsonObject(
    sources.map((source, i) => [source.name, Number(cells[2 * i] ?? 0) === 0 ? null : source.print(cells[2 * i + 1] ?? null)]),
  );
}

function sourcesOf(parameters: Parameters, context: Context): readonly Source[] {
  const value = parameters.value("sources");
  const items = isArray(value) ? value : [];
  const names = items.flatMap((item) => (isObject(item) ? Object.keys(item) : []));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new RejectedRequest("illegal_argument_exception", `Composite source names must be unique, found duplicates: [${twice}]`);
  return items.map((item, i) => {
    const [entry, ...others] = isObject(item) ? Object.entries(item) : [];
    const [name, body] = entry ?? [];
    const [kind, ...kinds] = isObject(body) ? Object.keys(body) : [];
    const own = isObject(body) && kind !== undefined ? member(body, kind) : undefined;
    if (name === undefined || kind === undefined || others.length > 0 || kinds.length > 0 || !isObject(own)) {
      throw new RejectedRequest("x_content_parse_exception", "A source of [composite] names one key and one kind");
    }
    const pointer = `${parameters.pointer("sources")}/${i}/${name}/${kind}`;
    const source = compileSource(name, { name, type: kind, body: own, pointer, meta: undefined, children: [] }, context);
    if (source === undefined) throw new UnsupportedClause(pointer, `[${kind}] as a source of composite is not translated`);
    return source;
  });
}
