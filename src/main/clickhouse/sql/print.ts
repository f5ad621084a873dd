// The SQL printer: AST in, readable text out, with parameters apart and the spans of marked clauses. The text depends on
// the tree alone.
import type { SqlParameter, SqlSpan } from "../../../shared/exchange.ts";
import type { Column, Expr, From, Order, ParamValue, Query, Select } from "./ast.ts";
import { functionName, paramText, quoteName, quoteString, typeName } from "./quote.ts";

export interface Printed {
  readonly sql: string;
  readonly params: readonly SqlParameter[];
  readonly spans: readonly SqlSpan[];
}

/** SQL text of a query. */
export function print(query: Query): Printed {
  const out = new Writer();
  writeQuery(out, query, 0);
  return Object.freeze({ sql: out.text, params: out.params, spans: out.spans });
}

/** SQL text of one expression, for tests and for the inspector. */
export function printExpr(expr: Expr): Printed {
  const out = new Writer();
  writeExpr(out, expr, 0, Precedence.lowest);
  return Object.freeze({ sql: out.text, params: out.params, spans: out.spans });
}

class Writer {
  text = "";
  readonly params: SqlParameter[] = [];
  readonly spans: SqlSpan[] = [];
  readonly #names = new Map<string, string>();

  write(text: string): void {
    this.text += text;
  }

  line(depth: number): void {
    this.text += `\n${"  ".repeat(depth)}`;
  }

  param(type: string, value: ParamValue): void {
    const text = paramText(value, type);
    const key = `${type}\0${text}`;
    let name = this.#names.get(key);
    if (name === undefined) {
      name = `p${this.params.length}`;
      this.#names.set(key, name);
      this.params.push(Object.freeze({ name, type, value: text }));
    }
    this.text += `{${name}:${typeName(type)}}`;
  }

  marked(pointer: string, body: () => void): void {
    const start = this.text.length;
    body();
    this.spans.push(Object.freeze({ start, end: this.text.length, pointer }));
  }

  list<T>(items: readonly T[], separator: string, each: (item: T) => void): void {
    items.forEach((item, i) => {
      if (i > 0) this.write(separator);
      each(item);
    });
  }
}

function writeQuery(out: Writer, query: Query, depth: number): void {
  if (query.kind === "select") {
    writeSelect(out, query, depth);
    return;
  }
  query.all.forEach((part, i) => {
    if (i > 0) {
      out.line(depth);
      out.write("UNION ALL");
      out.line(depth);
    }
    writeQuery(out, part, depth);
  });
}

function writeSelect(out: Writer, select: Select, depth: number): void {
  if (select.with !== undefined && select.with.length > 0) writeWith(out, select.with, depth);
  out.write(select.distinct === true ? "SELECT DISTINCT" : "SELECT");
  writeColumns(out, select.columns, depth);
  if (select.from !== undefined) {
    out.line(depth);
    out.write("FROM ");
    writeFrom(out, select.from, depth);
  }
  if (select.arrayJoin !== undefined) {
    out.line(depth);
    out.write(select.arrayJoin.left === true ? "LEFT ARRAY JOIN" : "ARRAY JOIN");
    writeColumns(out, select.arrayJoin.items, depth);
  }
  writeCondition(out, "WHERE", select.where, depth);
  writeList(out, "GROUP BY", select.groupBy, depth);
  writeCondition(out, "HAVING", select.having, depth);
  if (select.orderBy !== undefined && select.orderBy.length > 0) {
    out.line(depth);
    writeOrder(out, select.orderBy, depth);
  }
  writeLimits(out, select, depth);
}

function writeWith(out: Writer, items: NonNullable<Select["with"]>, depth: number): void {
  out.write("WITH ");
  out.list(items, ", ", ({ alias, value }) => {
    if (value.kind === "select" || value.kind === "union") {
      out.write(`${quoteName(alias)} AS `);
      writeSubquery(out, value, depth);
    } else {
      writeExpr(out, value, depth, Precedence.lowest);
      out.write(` AS ${quoteName(alias)}`);
    }
  });
  out.line(depth);
}

function writeColumns(out: Writer, columns: readonly Column[], depth: number): void {
  const wrap = columns.length > 4;
  columns.forEach((column, i) => {
    if (i > 0) out.write(",");
    if (wrap) out.line(depth + 1);
    else out.write(" ");
    writeExpr(out, column.expr, depth + 1, Precedence.lowest);
    if (column.alias !== undefined) out.write(` AS ${quoteName(column.alias)}`);
  });
}

function writeCondition(out: Writer, word: "WHERE" | "HAVING", condition: Expr | undefined, depth: number): void {
  if (condition === undefined) return;
  out.line(depth);
  out.write(`${word} `);
  if (condition.kind !== "and") {
    writeExpr(out, condition, depth, Precedence.lowest);
    return;
  }
  condition.items.forEach((item, i) => {
    if (i > 0) {
      out.line(depth + 1);
      out.write("AND ");
    }
    writeExpr(out, item, depth + 1, Precedence.and);
  });
}

function writeList(out: Writer, words: string, items: readonly Expr[] | undefined, depth: number): void {
  if (items === undefined || items.length === 0) return;
  out.line(depth);
  out.write(`${words} `);
  out.list(items, ", ", (item) => writeExpr(out, item, depth, Precedence.lowest));
}

function writeOrder(out: Writer, order: readonly Order[], depth: number): void {
  out.write("ORDER BY ");
  out.list(order, ", ", (item) => {
    writeExpr(out, item.expr, depth, Precedence.lowest);
    if (item.desc === true) out.write(" DESC");
    if (item.nulls !== undefined) out.write(item.nulls === "first" ? " NULLS FIRST" : " NULLS LAST");
  });
}

function writeLimits(out: Writer, select: Select, depth: number): void {
  if (select.limitBy !== undefined) {
    out.line(depth);
    out.write(`LIMIT ${count(select.limitBy.limit)} BY `);
    out.list(select.limitBy.by, ", ", (item) => writeExpr(out, item, depth, Precedence.lowest));
  }
  if (select.limit !== undefined) {
    out.line(depth);
    out.write(`LIMIT ${count(select.limit)}`);
    if (select.offset !== undefined && select.offset > 0) out.write(` OFFSET ${count(select.offset)}`);
  }
  const settings = Object.entries(select.settings ?? {});
  if (settings.length === 0) return;
  out.line(depth);
  out.write(`SETTINGS ${settings.map(([k, v]) => `${functionName(k)} = ${typeof v === "number" ? v : quoteString(v)}`).join(", ")}`);
}

function count(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`not a row count: ${value}`);
  return String(value);
}

function writeFrom(out: Writer, from: From, depth: number): void {
  switch (from.kind) {
    case "table":
      out.write(`${quoteName(from.database)}.${quoteName(from.name)}`);
      if (from.alias !== undefined) out.write(` AS ${quoteName(from.alias)}`);
      if (from.final === true) out.write(" FINAL");
      return;
    case "subquery":
      writeSubquery(out, from.query, depth);
      if (from.alias !== undefined) out.write(` AS ${quoteName(from.alias)}`);
      return;
    case "numbers":
      out.write(`numbers(${count(from.count)})`);
  }
}

function writeSubquery(out: Writer, query: Query, depth: number): void {
  out.write("(");
  out.line(depth + 1);
  writeQuery(out, query, depth + 1);
  out.line(depth);
  out.write(")");
}

const Precedence = Object.freeze({ lowest: 0, or: 1, and: 2, not: 3, comparison: 4, additive: 5, multiplicative: 6, highest: 7 });

const BINARY_PRECEDENCE: Readonly<Record<string, number>> = {
  "=": Precedence.comparison,
  "!=": Precedence.comparison,
  "<": Precedence.comparison,
  "<=": Precedence.comparison,
  ">": Precedence.comparison,
  ">=": Precedence.comparison,
  LIKE: Precedence.comparison,
  "+": Precedence.additive,
  "-": Precedence.additive,
  "*": Precedence.multiplicative,
  "/": Precedence.multiplicative,
  "%": Precedence.multiplicative,
};

function writeExpr(out: Writer, expr: Expr, depth: number, outer: number): void {
  switch (expr.kind) {
    case "column":
      out.write(expr.table === undefined ? quoteName(expr.name) : `${quoteName(expr.table)}.${quoteName(expr.name)}`);
      return;
    case "param":
      out.param(expr.type, expr.value);
      return;
    case "literal":
      out.write(expr.value === null ? "NULL" : typeof expr.value === "number" ? paramText(expr.value, "") : quoteString(expr.value));
      return;
    case "call":
      writeCall(out, expr, depth);
      return;
    case "binary": {
      const own = BINARY_PRECEDENCE[expr.op] ?? Precedence.lowest;
      parenthesised(out, own < outer || (own === Precedence.comparison && outer === own), () => {
        writeExpr(out, expr.left, depth, own);
        out.write(` ${expr.op} `);
        writeExpr(out, expr.right, depth, own + 1);
      });
      return;
    }
    case "and":
    case "or": {
      const own = expr.kind === "and" ? Precedence.and : Precedence.or;
      const word = expr.kind === "and" ? " AND " : " OR ";
      parenthesised(out, own < outer, () => out.list(expr.items, word, (item) => writeExpr(out, item, depth, own + 1)));
      return;
    }
    case "not":
      parenthesised(out, Precedence.not < outer, () => {
        out.write("NOT ");
        writeExpr(out, expr.item, depth, Precedence.highest);
      });
      return;
    case "lambda":
      parenthesised(out, outer > Precedence.lowest, () => {
        out.write(expr.args.length === 1 ? quoteName(expr.args[0] ?? "") : `(${expr.args.map(quoteName).join(", ")})`);
        out.write(" -> ");
        writeExpr(out, expr.body, depth, Precedence.lowest);
      });
      return;
    case "array":
      writeItems(out, "[", expr.items, "]", depth);
      return;
    case "tuple":
      writeItems(out, expr.items.length === 1 ? "tuple(" : "(", expr.items, ")", depth);
      return;
    case "in":
      parenthesised(out, Precedence.comparison < outer, () => {
        writeExpr(out, expr.left, depth, Precedence.additive);
        out.write(expr.not === true ? " NOT IN " : " IN ");
        writeSubquery(out, expr.query, depth);
      });
      return;
    case "scalar":
      writeSubquery(out, expr.query, depth);
      return;
    case "over":
      writeOver(out, expr, depth);
      return;
    case "marked":
      out.marked(expr.pointer, () => writeExpr(out, expr.item, depth, outer));
  }
}

function parenthesised(out: Writer, needed: boolean, body: () => void): void {
  if (needed) out.write("(");
  body();
  if (needed) out.write(")");
}

function writeItems(out: Writer, open: string, items: readonly Expr[], close: string, depth: number): void {
  out.write(open);
  out.list(items, ", ", (item) => writeExpr(out, item, depth, Precedence.lowest));
  out.write(close);
}

function writeCall(out: Writer, call: Extract<Expr, { kind: "call" }>, depth: number): void {
  out.write(functionName(call.name));
  if (call.params !== undefined) out.write(`(${call.params.map((p) => paramText(p, "")).join(", ")})`);
  writeItems(out, call.distinct === true ? "(DISTINCT " : "(", call.args, ")", depth);
}

function writeOver(out: Writer, over: Extract<Expr, { kind: "over" }>, depth: number): void {
  writeExpr(out, over.call, depth, Precedence.highest);
  out.write(" OVER (");
  if (over.partitionBy.length > 0) {
    out.write("PARTITION BY ");
    out.list(over.partitionBy, ", ", (item) => writeExpr(out, item, depth, Precedence.lowest));
    if (over.orderBy.length > 0) out.write(" ");
  }
  if (over.orderBy.length > 0) writeOrder(out, over.orderBy, depth);
  out.write(")");
}
