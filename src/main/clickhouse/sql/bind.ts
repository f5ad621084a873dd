// SQL that names what it uses several times: ClickHouse has no `let`, but a lambda over lists of one has the same effect.
import { array, call, column, type Expr, lambda, literal } from "./ast.ts";

/** `body` of expressions that are worked out once. Nothing else in it may use these names: in it they stand for the expressions. */
export function bind(names: readonly string[], items: readonly Expr[], body: (...bound: readonly Expr[]) => Expr): Expr {
  const mapped = call("arrayMap", lambda(names, body(...names.map((name) => column(name)))), ...items.map((item) => array(item)));
  return call("arrayElement", mapped, literal(1));
}
