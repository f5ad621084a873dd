// What a path leads to in `_source`, in SQL. It may cross arrays of objects, and names may hold dots (`{"a.b": 1}`).
import { array, binary, call, column, type Expr, lambda, literal, param } from "../clickhouse/sql/ast.ts";

const o = column("o");
const is = (start: string): Expr => call("startsWith", o, literal(start));

/** `Array(String)`: the values as raw JSON in the order of the document, without nulls and objects; arrays are opened, three deep. */
export function rawValues(path: string): Expr {
  const scalar = call("and", binary(o, "!=", literal("null")), call("not", is("{")));
  return call("arrayFilter", lambda(["o"], scalar), values(array(column("_source")), path.split(".")));
}

/** `Array(String)`: the texts in the order of the document; numbers and booleans as they are written. */
export function sourceTexts(path: string): Expr {
  return call("arrayMap", lambda(["o"], call("if", is('"'), call("JSONExtractString", o), o)), rawValues(path));
}

// Objects in, raw JSON of what the path leads to out.
function values(objects: Expr, names: readonly string[]): Expr {
  const ways = names.map((_, i) => {
    const name = names.slice(0, i + 1).join(".");
    const raw = call("arrayMap", lambda(["o"], call("JSONExtractRaw", o, param("String", name))), objects);
    const found = opened(opened(opened(notEmpty(raw))));
    const rest = names.slice(i + 1);
    return rest.length === 0 ? found : values(found, rest);
  });
  const [only, ...others] = ways;
  if (only === undefined) throw new Error("a path without names");
  return others.length === 0 ? only : call("arrayConcat", ...ways);
}

function notEmpty(items: Expr): Expr {
  return call("arrayFilter", lambda(["o"], binary(o, "!=", literal(""))), items);
}

function opened(items: Expr): Expr {
  const inner = call("if", is("["), call("JSONExtractArrayRaw", o), array(o));
  return call("arrayFlatten", call("arrayMap", lambda(["o"], inner), items));
}
