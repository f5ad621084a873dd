// Functions of text. Positions and lengths count code points.
import { binary, call, type Expr, literal, param } from "../../../clickhouse/sql/ast.ts";
import { bind } from "../../../clickhouse/sql/bind.ts";
import { eachValue } from "../expression.ts";
import { refused, withoutSql } from "../scope.ts";
import { manyValues, nullOf, one, scalarValue, type Value } from "../value.ts";
import { anyNull, argument, type Call, expect, type FunctionDefinition, MANY, scalar } from "./function.ts";

// Java's Character.isWhitespace.
const SPACE = "[\\t-\\r\\x1c-\\x20\\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200a}\\x{2028}\\x{2029}\\x{205f}\\x{3000}]+";

function ofText(compute: (x: Expr) => Expr, type: Value["type"] = "keyword"): FunctionDefinition {
  return scalar(1, 1, (args, context) => {
    expect(args, ["text"], context);
    const x = argument(args, 0);
    return x.type === "null" ? nullOf(type) : scalarValue(type, compute(one(x)), args);
  });
}

/** The same of each of several values. */
function ofEach(compute: (x: Expr) => Expr): FunctionDefinition {
  return scalar(1, 1, (args, context) => {
    expect(args, ["text"], context);
    const x = argument(args, 0);
    return x.type === "null" ? nullOf("keyword") : eachValue(x, "keyword", compute);
  });
}

const trimmed = (pattern: string) => ofText((x) => call("replaceRegexpAll", x, literal(pattern), literal("")));

const concat = scalar(1, MANY, (args, context) => {
  expect(args, ["text"], context);
  return anyNull(args) ? nullOf("keyword") : scalarValue("keyword", call("concat", ...args.map(one)));
});

const int32 = (x: Expr): Expr => call("CAST", x, literal("Nullable(Int32)"));

const substring = scalar(2, 3, (args, context) => {
  expect(args, ["text", "whole", "whole"], context);
  if (anyNull(args)) return nullOf("keyword");
  const items = args.map(one);
  const names = ["s", "from", "length"].slice(0, args.length);
  const sql = bind(names, items, (s = literal(""), from = literal(1), length) => {
    const size = call("toInt64", call("lengthUTF8", s));
    const start = call(
      "multiIf",
      binary(from, ">", literal(0)),
      from,
      binary(from, "<", call("negate", size)),
      literal(1),
      binary(from, "=", literal(0)),
      literal(1),
      binary(binary(size, "+", from), "+", literal(1)),
    );
    return length === undefined ? call("substringUTF8", s, start) : call("substringUTF8", s, start, call("greatest", length, literal(0)));
  });
  return scalarValue("keyword", sql);
});

const left = scalar(2, 2, (args, context) => {
  expect(args, ["text", "whole"], context);
  if (anyNull(args)) return nullOf("keyword");
  const length = call("greatest", one(argument(args, 1)), literal(0));
  return scalarValue("keyword", call("substringUTF8", one(argument(args, 0)), literal(1), length));
});

const right = scalar(2, 2, (args, context) => {
  expect(args, ["text", "whole"], context);
  if (anyNull(args)) return nullOf("keyword");
  const sql = bind(["s", "n"], args.map(one), (s = literal(""), n = literal(0)) => {
    const size = call("toInt64", call("lengthUTF8", s));
    const start = binary(call("greatest", binary(size, "-", n), literal(0)), "+", literal(1));
    return call("if", binary(n, "<=", literal(0)), call("substringUTF8", s, literal(1), literal(0)), call("substringUTF8", s, start));
  });
  return scalarValue("keyword", sql);
});

function test(name: "startsWith" | "endsWith"): FunctionDefinition {
  return scalar(2, 2, (args, context) => {
    expect(args, ["text"], context);
    return anyNull(args) ? nullOf("boolean") : scalarValue("boolean", call(name, one(argument(args, 0)), one(argument(args, 1))));
  });
}

const contains = scalar(2, 2, (args, context) => {
  expect(args, ["text"], context);
  if (anyNull(args)) return nullOf("boolean");
  return scalarValue("boolean", binary(call("position", one(argument(args, 0)), one(argument(args, 1))), ">", literal(0)));
});

const locate = scalar(2, 3, (args, context) => {
  expect(args, ["text", "text", "whole"], context);
  if (anyNull(args)) return nullOf("integer");
  const [text, sought, start] = args.map(one);
  if (text === undefined || sought === undefined) return nullOf("integer");
  const from = start === undefined ? literal(1) : call("toUInt64", call("greatest", start, literal(1)));
  return scalarValue("integer", int32(call("positionUTF8", text, sought, from)));
});

const repeat = scalar(2, 2, (args, context) => {
  expect(args, ["text", "whole"], context);
  if (anyNull(args)) return nullOf("keyword");
  return scalarValue("keyword", call("repeat", one(argument(args, 0)), one(argument(args, 1))));
});

const space = scalar(1, 1, (args, context) => {
  expect(args, ["whole"], context);
  return anyNull(args) ? nullOf("keyword") : scalarValue("keyword", call("repeat", literal(" "), one(argument(args, 0))));
});

const split = scalar(2, 2, (args, context) => {
  expect(args, ["text"], context);
  if (anyNull(args)) return nullOf("keyword");
  const separator = argument(args, 1);
  if (typeof separator.constant !== "string" || separator.constant === "")
    throw withoutSql(context.node, "only a separator that the query's text tells has SQL");
  const text = one(argument(args, 0));
  const parts = call("splitByString", param("String", separator.constant), call("ifNull", text, literal("")));
  return manyValues("keyword", call("if", call("isNull", text), call("emptyArrayString"), parts));
});

const replace = scalar(3, 3, (args, context) => {
  expect(args, ["text"], context);
  if (anyNull(args)) return nullOf("keyword");
  const [pattern, substitute] = [argument(args, 1).constant, argument(args, 2).constant];
  if (typeof pattern !== "string" || typeof substitute !== "string")
    throw withoutSql(context.node, "only a pattern that the query's text tells has SQL");
  const source = patternOfJava(pattern, context);
  const groups = substitute.replace(/\\(.)|\$([0-9])|\\$/g, (_, char: string | undefined, group: string | undefined) =>
    group === undefined ? (char ?? "").replace("\\", "\\\\") : `\\${group}`,
  );
  return scalarValue("keyword", call("replaceRegexpAll", one(argument(args, 0)), param("String", source), param("String", groups)));
});

// What Java's and RE2's patterns mean alike.
function patternOfJava(pattern: string, context: Call): string {
  const alike = !/\(\?(?!:)|\\[1-9bBGZzQEkpPuxXRhHvVNc0]|[*+?}]\+|&&|\[[^\]]*\[/.test(pattern);
  if (!alike) throw withoutSql(context.node, `the regular expression [${pattern}] may mean something else in ClickHouse`);
  try {
    new RegExp(pattern);
  } catch {
    throw refused(context.scope, context.node, `invalid pattern [${pattern}]`);
  }
  return pattern;
}

/** Algorithms of HASH by Java's names. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  md5: "MD5",
  sha: "SHA1",
  sha1: "SHA1",
  "sha-1": "SHA1",
  "sha-224": "SHA224",
  sha224: "SHA224",
  "sha-256": "SHA256",
  sha256: "SHA256",
  "sha-512": "SHA512",
  sha512: "SHA512",
};

const hashBy = scalar(2, 2, (args, context) => {
  expect(args, ["text"], context);
  if (anyNull(args)) return nullOf("keyword");
  const algorithm = argument(args, 0).constant;
  const name = typeof algorithm === "string" ? algorithm.toLowerCase() : "";
  const known = Object.hasOwn(ALGORITHMS, name) ? ALGORITHMS[name] : undefined;
  if (known === undefined) throw withoutSql(context.node, "this algorithm has no SQL");
  return scalarValue("keyword", call("lower", call("hex", call(known, one(argument(args, 1))))));
});

// Letters of several code points stay together in Elasticsearch: they end the query here.
const SEVERAL_POINTS =
  "\\p{M}|\\x{200d}|\\r\\n|[\\x{1100}-\\x{11ff}\\x{a960}-\\x{a97c}\\x{d7b0}-\\x{d7fb}\\x{1f1e6}-\\x{1f1ff}\\x{1f3fb}-\\x{1f3ff}]";

function reversed(x: Expr): Expr {
  const several = call("ifNull", call("match", x, literal(SEVERAL_POINTS)), literal(0));
  const checked = call("toString", call("throwIf", several, literal("letters of several code points can't be reversed")));
  return call("concat", call("reverseUTF8", x), call("substring", checked, literal(2)));
}

const hash = (name: string) => ofText((x) => call("lower", call("hex", call(name, x))));

export const TEXT: Readonly<Record<string, FunctionDefinition>> = {
  concat,
  length: ofText((x) => int32(call("lengthUTF8", x)), "integer"),
  byte_length: ofText((x) => int32(call("length", x)), "integer"),
  bit_length: ofText((x) => int32(binary(call("length", x), "*", literal(8))), "integer"),
  substring,
  left,
  right,
  trim: trimmed(`^${SPACE}|${SPACE}$`),
  ltrim: trimmed(`^${SPACE}`),
  rtrim: trimmed(`${SPACE}$`),
  to_lower: ofEach((x) => call("lowerUTF8", x)),
  to_upper: ofEach((x) => call("upperUTF8", x)),
  replace,
  split,
  starts_with: test("startsWith"),
  ends_with: test("endsWith"),
  contains,
  locate,
  repeat,
  space,
  reverse: ofText(reversed),
  hash: hashBy,
  md5: hash("MD5"),
  sha1: hash("SHA1"),
  sha256: hash("SHA256"),
  to_base64: ofText((x) => call("base64Encode", x)),
  from_base64: ofText((x) => call("tryBase64Decode", x)),
};
