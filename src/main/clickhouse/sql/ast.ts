// SQL as data. Builders freeze what they make; print.ts is the only place that turns it into text. Values from outside
// are always `param`; `literal` is for constants of our own code.

export type ParamValue = string | number | bigint | boolean | readonly ParamValue[];

export type Expr =
  | { readonly kind: "column"; readonly name: string; readonly table?: string }
  | { readonly kind: "param"; readonly type: string; readonly value: ParamValue }
  | { readonly kind: "literal"; readonly value: number | string | null }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Expr[];
      readonly params?: readonly number[];
      readonly distinct?: boolean;
    }
  | { readonly kind: "binary"; readonly op: BinaryOp; readonly left: Expr; readonly right: Expr }
  | { readonly kind: "and" | "or"; readonly items: readonly Expr[] }
  | { readonly kind: "not"; readonly item: Expr }
  | { readonly kind: "lambda"; readonly args: readonly string[]; readonly body: Expr }
  | { readonly kind: "array" | "tuple"; readonly items: readonly Expr[] }
  | { readonly kind: "in"; readonly left: Expr; readonly query: Query; readonly not?: boolean }
  | { readonly kind: "scalar"; readonly query: Query }
  | { readonly kind: "over"; readonly call: Expr; readonly partitionBy: readonly Expr[]; readonly orderBy: readonly Order[] }
  /** Wraps the SQL of one clause: `pointer` is its JSON pointer in the request body. */
  | { readonly kind: "marked"; readonly pointer: string; readonly item: Expr };

export type BinaryOp = "=" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%" | "LIKE";

export interface Order {
  readonly expr: Expr;
  readonly desc?: boolean;
  /** Where NULLs (and NaN) go; ClickHouse's own default is last. */
  readonly nulls?: "first" | "last";
}

export interface Column {
  readonly expr: Expr;
  readonly alias?: string;
}

export type From =
  | { readonly kind: "table"; readonly database: string; readonly name: string; readonly final?: boolean; readonly alias?: string }
  | { readonly kind: "subquery"; readonly query: Query; readonly alias?: string }
  | { readonly kind: "numbers"; readonly count: number };

export interface Select {
  readonly kind: "select";
  readonly with?: readonly { readonly alias: string; readonly value: Expr | Query }[];
  readonly columns: readonly Column[];
  readonly distinct?: boolean;
  readonly from?: From;
  readonly arrayJoin?: { readonly left?: boolean; readonly items: readonly Column[] };
  readonly where?: Expr;
  readonly groupBy?: readonly Expr[];
  readonly having?: Expr;
  readonly orderBy?: readonly Order[];
  readonly limitBy?: { readonly limit: number; readonly by: readonly Expr[] };
  readonly limit?: number;
  readonly offset?: number;
  readonly settings?: Readonly<Record<string, string | number>>;
}

export type Query = Select | { readonly kind: "union"; readonly all: readonly Query[] };

export const column = (name: string, table?: string): Expr =>
  Object.freeze(table === undefined ? { kind: "column", name } : { kind: "column", name, table });
export const param = (type: string, value: ParamValue): Expr => Object.freeze({ kind: "param", type, value });
export const literal = (value: number | string | null): Expr => Object.freeze({ kind: "literal", value });
export const call = (name: string, ...args: readonly Expr[]): Expr => Object.freeze({ kind: "call", name, args });
/** An aggregate with constant parameters: `quantiles(0.5, 0.9)(x)`. */
export const parametric = (name: string, params: readonly number[], ...args: readonly Expr[]): Expr =>
  Object.freeze({ kind: "call", name, args, params });
export const binary = (left: Expr, op: BinaryOp, right: Expr): Expr => Object.freeze({ kind: "binary", op, left, right });
export const not = (item: Expr): Expr => Object.freeze({ kind: "not", item });
export const lambda = (args: readonly string[], body: Expr): Expr => Object.freeze({ kind: "lambda", args, body });
export const array = (...items: readonly Expr[]): Expr => Object.freeze({ kind: "array", items });
export const tuple = (...items: readonly Expr[]): Expr => Object.freeze({ kind: "tuple", items });
export const isIn = (left: Expr, query: Query): Expr => Object.freeze({ kind: "in", left, query });
export const scalar = (query: Query): Expr => Object.freeze({ kind: "scalar", query });
export const over = (call: Expr, partitionBy: readonly Expr[], orderBy: readonly Order[] = []): Expr =>
  Object.freeze({ kind: "over", call, partitionBy, orderBy });
export const marked = (pointer: string, item: Expr): Expr => Object.freeze({ kind: "marked", pointer, item });

export const TRUE: Expr = literal(1);
export const FALSE: Expr = literal(0);

/** True for the constant TRUE, whatever clause it was written for. */
export function isTrue(expr: Expr): boolean {
  return expr.kind === "marked" ? isTrue(expr.item) : expr.kind === "literal" && expr.value === 1;
}

/** AND of all; TRUE for none. */
export function and(items: readonly Expr[]): Expr {
  const [only] = items;
  return items.length === 0 ? TRUE : items.length === 1 && only !== undefined ? only : Object.freeze({ kind: "and", items });
}

/** OR of all; FALSE for none. */
export function or(items: readonly Expr[]): Expr {
  const [only] = items;
  return items.length === 0 ? FALSE : items.length === 1 && only !== undefined ? only : Object.freeze({ kind: "or", items });
}

export const select = (parts: Omit<Select, "kind">): Select => Object.freeze({ kind: "select", ...parts });
export const union = (all: readonly Query[]): Query => Object.freeze({ kind: "union", all });
