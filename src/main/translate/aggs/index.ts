// Aggregations: a tree in, statements out, and the answer's `aggregations` from their rows. All statements stand alone and
// run in parallel: a child repeats what its parents keep as a subquery.
import type { JsonObject } from "../../../shared/json.ts";
import type { Expr } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { singlesOf } from "../source.ts";
import { compileTree } from "./compile.ts";
import { parseAggregations } from "./parse.ts";
import { Results } from "./results.ts";
import { readSingles } from "./single_rows.ts";
import { renamed, renamedTolerance, typedNames } from "./typed_keys.ts";
import type { CompiledAggregations, SearchAround } from "./types.ts";

/**
 * Compiles the `aggs` object at `pointer` over the documents where `where` holds, within the search `around`. Throws
 * UnsupportedClause or RejectedRequest.
 */
export function compileAggregations(
  aggs: JsonObject,
  pointer: string,
  context: Context,
  where: Expr,
  around: SearchAround,
): CompiledAggregations {
  const nodes = parseAggregations(aggs, pointer);
  const tree = compileTree(nodes, context, where, around);
  const names = around.typedKeys === true ? typedNames(nodes, context) : undefined;
  const singles = singlesOf(context);
  return {
    statements: tree.statements().map(({ name, query }) => ({ name, query: readSingles(query, singles) })),
    shape(rows) {
      const shaped = tree.shape(new Results(rows));
      const json = names === undefined ? shaped.json : renamed(shaped.json, names);
      const tolerances = names === undefined ? shaped.tolerances : shaped.tolerances.map((each) => renamedTolerance(each, names));
      return { aggregations: json, tolerances: tolerances.map((each) => ({ ...each, pointer: `/aggregations${each.pointer}` })) };
    },
  };
}
