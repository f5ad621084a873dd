// Names and values as ClickHouse reads them. The only place that escapes.
import type { ParamValue } from "./ast.ts";

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const FUNCTION_NAME = PLAIN_NAME;
const TYPE_NAME = /^[A-Za-z0-9_(), ]+$/;
// Words that would be read as SQL where a column stands, in a query or where a table is made. Anything else plain is printed bare, for the reader's sake.
const RESERVED = new Set(
  "all and any array as asc asof between by case constraint cross cube date desc distinct else end except exists false final first from full global group having if in index inf inner interval intersect into is join key last left like limit nan not null offset on or order outer prewhere projection qualify recursive right rollup sample select semi set settings table then to top totals true union using values view when where window with".split(
    " ",
  ),
);

/** An identifier, in backticks unless plain. Any text is safe. */
export function quoteName(name: string): string {
  if (PLAIN_NAME.test(name) && !RESERVED.has(name.toLowerCase())) return name;
  return `\`${escapeText(name).replaceAll("`", "\\`")}\``;
}

/** A function's name of our own code; anything else is a bug. */
export function functionName(name: string): string {
  if (!FUNCTION_NAME.test(name)) throw new Error(`not a function name: ${name}`);
  return name;
}

/** A ClickHouse type of our own code; anything else is a bug. */
export function typeName(type: string): string {
  if (!TYPE_NAME.test(type)) throw new Error(`not a type name: ${type}`);
  return type;
}

/** A string constant of our own code, in single quotes. */
export function quoteString(text: string): string {
  return `'${escapeText(text).replaceAll("'", "\\'")}'`;
}

/** The text of a value for HTTP's `param_NAME`: strings bare and escaped, strings inside arrays and tuples quoted. */
export function paramText(value: ParamValue, type: string): string {
  return typeof value === "string" ? escapeText(value) : nested(value, type);
}

function nested(value: ParamValue, type: string): string {
  switch (typeof value) {
    case "string":
      return quoteString(value);
    case "number":
      return numberText(value);
    case "bigint":
      return value.toString();
    case "boolean":
      return value ? "1" : "0";
    default: {
      const open = type.startsWith("Tuple") ? "(" : "[";
      const inner = elementType(type);
      return open + value.map((item) => nested(item, inner)).join(",") + (open === "(" ? ")" : "]");
    }
  }
}

// Only whether an inner value is a tuple or an array matters.
function elementType(type: string): string {
  return type.startsWith("Array(") ? type.slice("Array(".length, -1) : "";
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0" : String(value);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  "\0": "\\0",
  "\b": "\\b",
  "\f": "\\f",
};

function escapeText(text: string): string {
  return text.replace(/[\\\n\t\r\0\b\f]/g, (c) => ESCAPES[c] ?? c);
}
