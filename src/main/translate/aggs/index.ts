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
  around: SearchAround = { score: null, body: {} },
): CompiledAggregations {
  const tree = compileTree(parseAggregations(aggs, pointer), context, where, around);
  const singles = singlesOf(context);
  return {
    statements: tree.statements().map(({ name, query }) => ({ name, query: readSingles(query, singles) })),
    shape(rows) {
      const { json, tolerances } = tree.shape(new Results(rows));
      return { aggregations: json, tolerances: tolerances.map((each) => ({ ...each, pointer: `/aggregations${each.pointer}` })) };
    },
  };
}
