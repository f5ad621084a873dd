// A row for each of several values, by ARRAY JOIN; a row without any stays, with NULL.
import { binary, call, column, type Expr, lambda, literal } from "../../clickhouse/sql/ast.ts";
import { bind } from "../../clickhouse/sql/bind.ts";
import { type Pipeline, type Rows, sealed } from "./pipeline.ts";
import { layerOver } from "./plan.ts";
import { ELEMENTS, scalarValue, type Value } from "./value.ts";

/** The rows with one value each in the column `name`. `distinct`: a value that a row has twice gives one row. */
export function rowPerValue(rows: Rows, name: string, pipeline: Pipeline, distinct = false): Rows {
  const found = rows.attributes.find((attribute) => attribute.name === name);
  if (found === undefined || !found.value.many) return rows;
  const inner = sealed(rows, pipeline);
  const value = inner.attributes.find((attribute) => attribute.name === name)?.value ?? found.value;
  const alias = pipeline.names.next(name);
  const joined = `${alias}_value`;
  // The values stand beside the columns of the SELECT inside, each under the name it has there.
  const columns =
    inner.source.kind === "layer" ? inner.source.layer.columns.map((item) => ({ expr: column(item.alias), alias: item.alias })) : [];
  const layer = {
    ...layerOver(inner.source),
    columns: [...columns, { expr: column(joined), alias }],
    arrayJoin: [{ expr: openedValues(value, distinct), alias: joined }],
  };
  const single = scalarValue(value.type, column(alias));
  const attributes = inner.attributes.map((attribute) => (attribute.name === name ? { name, value: single } : attribute));
  return { ...inner, source: { kind: "layer", layer }, attributes };
}

/** The values as ARRAY JOIN takes them: NULL where there are none. */
export function openedValues(value: Value, distinct: boolean) {
  const items = distinct ? distinctValues(value) : value.sql;
  const present = call("arrayMap", lambda(["x"], call("toNullable", column("x"))), items);
  return call(
    "if",
    call("empty", value.sql),
    call("CAST", call("array", literal(null)), literal(`Array(Nullable(${ELEMENTS[value.type]}))`)),
    present,
  );
}

// To Elasticsearch 0.0 is -0.0 again, which came first.
function distinctValues({ type, sql }: Value): Expr {
  const distinct = call("arrayDistinct", sql);
  if (type !== "double") return distinct;
  const x = column("x");
  const negative = binary(call("reinterpretAsInt64", x), "<", literal(0));
  return bind(["v"], [distinct], (v = distinct) => {
    const hasBoth = call("arrayExists", lambda(["x"], call("and", binary(x, "=", literal(0)), negative)), v);
    const once = call("arrayFilter", lambda(["x"], call("or", binary(x, "!=", literal(0)), negative)), v);
    return call("if", hasBoth, once, v);
  });
}
