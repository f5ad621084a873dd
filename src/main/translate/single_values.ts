// Lists that hold no more than one value in any document (the mirror knows which), read as plain values: a column of its own has
// the first value of each list (see firstColumns). An expression over lists becomes one over values and a condition that there
// is one; what reads its result is rewritten. Everything else stays as it is.
import { and, binary, call, column, type Expr, FALSE, isTrue, literal, not, or, param, TRUE } from "../clickhouse/sql/ast.ts";
import { firstColumn } from "../elasticsearch/columns.ts";
import { columnsIn } from "./source.ts";

/** Names of lists that hold no more than one value → true where every document has one. */
export type Singles = ReadonlyMap<string, boolean>;

/** A list of at most one value. */
export interface Single {
  /** The value; anything of its type where there is none. */
  readonly value: Expr;
  /** True where there is one. */
  readonly present: Expr;
}

/** The list as a value; undefined where it may hold several, or nobody knows. */
export function singleOf(list: Expr, singles: Singles): Single | undefined {
  switch (list.kind) {
    case "column":
      return list.table === undefined && singles.has(list.name)
        ? { value: column(firstColumn(list.name)), present: singles.get(list.name) === true ? TRUE : call("notEmpty", list) }
        : undefined;
    case "marked": {
      const single = singleOf(list.item, singles);
      return single && { ...single, value: Object.freeze({ ...list, item: single.value }) };
    }
    case "array": {
      const [only, ...others] = list.items;
      return only === undefined || others.length > 0 ? undefined : { value: simplified(only, singles), present: TRUE };
    }
    case "call":
      return singleOfCall(list.name, list.args, singles);
    default:
      return undefined;
  }
}

function singleOfCall(name: string, args: readonly Expr[], singles: Singles): Single | undefined {
  const [first, second, third] = args;
  if (first === undefined) return name === "emptyArrayUInt8" ? { value: literal(0), present: FALSE } : undefined;
  switch (name) {
    case "arrayDistinct":
    case "arraySort":
      return args.length === 1 ? singleOf(first, singles) : undefined;
    case "arrayMap": {
      const applied = apply(first, args.slice(1), singles);
      return applied && { value: applied.result, present: applied.present };
    }
    case "arrayFilter": {
      const applied = args.length === 2 ? apply(first, args.slice(1), singles) : undefined;
      const single = second === undefined ? undefined : singleOf(second, singles);
      return applied && single && { value: single.value, present: both(applied.present, applied.result) };
    }
    case "if":
      return second === undefined || third === undefined ? undefined : choice(first, second, third, singles);
    default:
      return undefined;
  }
}

function choice(condition: Expr, yes: Expr, no: Expr, singles: Singles): Single | undefined {
  const [one, other] = [singleOf(yes, singles), singleOf(no, singles)];
  if (one === undefined || other === undefined) return undefined;
  const own = simplified(condition, singles);
  const present = isTrue(one.present) && isTrue(other.present) ? TRUE : call("if", own, one.present, other.present);
  return { value: call("if", own, one.value, other.value), present };
}

// A lambda over lists, applied to their values.
function apply(of: Expr, lists: readonly Expr[], singles: Singles): { readonly result: Expr; readonly present: Expr } | undefined {
  if (of.kind !== "lambda" || of.args.length !== lists.length) return undefined;
  const values = new Map<string, Expr>();
  let present: Expr = TRUE;
  for (const [i, list] of lists.entries()) {
    const single = singleOf(list, singles);
    if (single === undefined) return undefined;
    values.set(of.args[i] ?? "", single.value);
    if (i === 0) present = single.present;
  }
  const result = substitute(of.body, values, columnsIn([...values.values()]));
  return result && { result, present };
}

/** The same expression over a row, its conditions and sizes of single lists read as values. Lambdas stay as they are. */
export function simplified(expr: Expr, singles: Singles): Expr {
  if (singles.size === 0) return expr;
  if (expr.kind === "lambda") return expr;
  const known = expr.kind === "call" ? simplifiedCall(expr.name, expr.args, singles) : undefined;
  return known ?? mapParts(expr, (part) => simplified(part, singles)) ?? expr;
}

function simplifiedCall(name: string, args: readonly Expr[], singles: Singles): Expr | undefined {
  const [first, second] = args;
  if (first === undefined) return undefined;
  const single = singleOf(first.kind === "lambda" && second !== undefined ? second : first, singles);
  if (single === undefined) return undefined;
  switch (name) {
    case "notEmpty":
      return single.present;
    case "empty":
      return not(single.present);
    case "length":
      return call("toUInt64", single.present);
    case "has":
      return second && both(single.present, binary(single.value, "=", simplified(second, singles)));
    case "hasAny":
      return second?.kind === "param" ? both(single.present, oneOf(single.value, second)) : undefined;
    case "arrayExists":
    case "arrayCount": {
      const applied = apply(first, args.slice(1), singles);
      const holds = applied && both(applied.present, applied.result);
      return holds && name === "arrayCount" ? call("toUInt32", holds) : holds;
    }
    case "arrayElement":
      // Where there is none, both are the default of the type.
      return first.kind === "column" && second?.kind === "literal" && Math.abs(Number(second.value)) === 1 ? single.value : undefined;
    default:
      return undefined;
  }
}

/** Comparing with one text after the other takes less time than looking a text up, for so many. */
const FEW_TEXTS = 2;

function oneOf(value: Expr, list: Extract<Expr, { kind: "param" }>): Expr {
  const texts = list.type === "Array(String)" && Array.isArray(list.value) ? list.value : [];
  if (texts.length === 0 || texts.length > FEW_TEXTS) return call("in", value, list);
  return or(texts.map((text) => binary(value, "=", param("String", text))));
}

function both(a: Expr, b: Expr): Expr {
  const parts = [a, b].flatMap((part) => (part.kind === "and" ? part.items : [part])).filter((part) => !isTrue(part));
  return and(parts);
}

// Undefined where a value would mean something else below: a lambda's argument there has the name of one of its columns.
function substitute(expr: Expr, values: ReadonlyMap<string, Expr>, free: ReadonlySet<string>): Expr | undefined {
  if (expr.kind === "column") return expr.table === undefined ? (values.get(expr.name) ?? expr) : expr;
  if (expr.kind === "lambda") {
    if (expr.args.some((name) => free.has(name))) return undefined;
    const own = new Map([...values].filter(([name]) => !expr.args.includes(name)));
    const body = substitute(expr.body, own, free);
    return body && Object.freeze({ ...expr, body });
  }
  return mapParts(expr, (part) => substitute(part, values, free));
}

/** The expression with each of its parts replaced; undefined where one of them is. Subqueries stay as they are. */
export function mapParts(expr: Expr, each: (part: Expr) => Expr | undefined): Expr | undefined {
  const list = (items: readonly Expr[]): readonly Expr[] | undefined => {
    const mapped = items.map(each);
    const whole = mapped.filter((item) => item !== undefined);
    return whole.length === items.length ? whole : undefined;
  };
  switch (expr.kind) {
    case "column":
    case "param":
    case "literal":
    case "scalar":
      return expr;
    case "call": {
      const args = list(expr.args);
      return args && Object.freeze({ ...expr, args });
    }
    case "binary": {
      const [left, right] = [each(expr.left), each(expr.right)];
      return left && right && binary(left, expr.op, right);
    }
    case "and":
    case "or": {
      const items = list(expr.items);
      return items && (expr.kind === "and" ? and(items) : or(items));
    }
    case "array":
    case "tuple": {
      const items = list(expr.items);
      return items && Object.freeze({ ...expr, items });
    }
    case "not":
    case "marked": {
      const item = each(expr.item);
      return item && Object.freeze({ ...expr, item });
    }
    case "lambda": {
      const body = each(expr.body);
      return body && Object.freeze({ ...expr, body });
    }
    case "in": {
      const left = each(expr.left);
      return left && Object.freeze({ ...expr, left });
    }
    case "over": {
      const [own, partitionBy, sorted] = [each(expr.call), list(expr.partitionBy), list(expr.orderBy.map((order) => order.expr))];
      if (own === undefined || partitionBy === undefined || sorted === undefined) return undefined;
      const orderBy = expr.orderBy.map((order, i) => ({ ...order, expr: sorted[i] ?? order.expr }));
      return Object.freeze({ ...expr, call: own, partitionBy, orderBy });
    }
    default:
      return expr satisfies never;
  }
}
