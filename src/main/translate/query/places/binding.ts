// Fresh names in the SQL of places, where one lambda stands inside another.
import { call, column, type Expr, lambda, literal } from "../../../clickhouse/sql/ast.ts";
import { bind } from "../../../clickhouse/sql/bind.ts";

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
  return bind([freshName()], [value], (name = value) => body(name));
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
