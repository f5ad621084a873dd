// SQL that names what it uses several times: ClickHouse has no `let`, but a lambda over lists of one has the same effect.
import { array, call, column, type Expr, lambda, literal } from "../../../clickhouse/sql/ast.ts";

let made = 0;

/** Names begin anew: each clause of a request has the same ones, whatever came before. */
export function restartNames(): void {
  made = 0;
}

/** A name that no column has and no lambda around. */
export function freshName(): string {
  made += 1;
  return `#${made}`;
}

/** The body with the value worked out once. */
export function bound(value: Expr, body: (name: Expr) => Expr): Expr {
  const name = freshName();
  return call("arrayElement", call("arrayMap", lambda([name], body(column(name))), array(value)), literal(1));
}

/** A lambda of one argument of a fresh name. */
export function each(body: (item: Expr) => Expr): Expr {
  const name = freshName();
  return lambda([name], body(column(name)));
}

/** An item of a tuple. */
export function part(tuple: Expr, index: 1 | 2 | 3 | 4): Expr {
  return call("tupleElement", tuple, literal(index));
}
