// The values of a text field, read from `_source` in SQL: the mirror keeps a text's words, not the text. A path may cross arrays of
// objects, and names may hold dots (`{"a.b": 1}`).
import { array, binary, call, column, type Expr, lambda, literal } from "../../clickhouse/sql/ast.ts";

const o = column("o");
const notEmpty = (items: Expr): Expr => call("arrayFilter", lambda(["o"], binary(o, "!=", literal(""))), items);

/** `Array(String)`: the texts in the order of the document; numbers and booleans as they are written. */
export function sourceTexts(path: string): Expr {
  const leaves = values(array(column("_source")), path.split("."));
  const scalars = call(
    "arrayFilter",
    lambda(["o"], call("and", binary(o, "!=", literal("null")), call("not", call("startsWith", o, literal("{"))))),
    leaves,
  );
  const text = call("if", call("startsWith", o, literal('"')), call("JSONExtractString", o), o);
  return call("arrayMap", lambda(["o"], text), scalars);
}

// Objects in, raw JSON of what the path leads to out; arrays are opened.
function values(objects: Expr, names: readonly string[]): Expr {
  const ways = names.map((_, i) => {
    const name = names.slice(0, i + 1).join(".");
    const found = opened(opened(notEmpty(call("arrayMap", lambda(["o"], call("JSONExtractRaw", o, literal(name))), objects))));
    const rest = names.slice(i + 1);
    return rest.length === 0 ? found : values(found, rest);
  });
  const [only, ...others] = ways;
  if (only === undefined) throw new Error("a path without names");
  return others.length === 0 ? only : call("arrayConcat", ...ways);
}

function opened(items: Expr): Expr {
  const inner = call("if", call("startsWith", o, literal("[")), call("JSONExtractArrayRaw", o), array(o));
  return call("arrayFlatten", call("arrayMap", lambda(["o"], inner), items));
}
