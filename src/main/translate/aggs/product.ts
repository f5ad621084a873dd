// The combinations of several keys of one document: `multi_terms` and `composite`.
import { call, column, type Expr, lambda } from "../../clickhouse/sql/ast.ts";

/** Arrays of tuples in, the array of their combinations out, each the tuples one after the other. */
export function combinations(first: Expr, rest: readonly Expr[]): Expr {
  return rest.reduce<Expr>((all, each, i) => {
    const joined = call("arrayMap", lambda([`b${i}`], call("tupleConcat", column(`a${i}`), column(`b${i}`))), each);
    return call("arrayFlatten", call("arrayMap", lambda([`a${i}`], joined), all));
  }, first);
}
