// terms: documents with one of these values. Scores 1 whatever the field.
import { childPointer, isArray, isObject, type JsonValue, member } from "../../../shared/json.ts";
import { or } from "../../clickhouse/sql/ast.ts";
import { readDecimal } from "../../elasticsearch/fields/number_value.ts";
import { rangeKind } from "../../elasticsearch/fields/range.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { lookedUpValues, readLookup } from "../lookups.ts";
import { boostOf } from "../parameters.ts";
import { constant, NONE, withoutField } from "./compiled.ts";
import { equalsAny, termValue } from "./field_values.ts";
import { compileMetaTerms, isMetaField } from "./meta_field.ts";
import { holds } from "./range_ranges.ts";
import { termHighlights } from "./term_highlight.ts";
import type { Compiled } from "./types.ts";

// What `index.max_terms_count` is where nobody set it.
const MOST_TERMS = 65_536;

export function compileTerms(body: JsonValue, pointer: string, context: Context): Compiled {
  if (!isObject(body)) throw new RejectedRequest("parsing_exception", "[terms] query malformed, no start_object after query name");
  const [path, second] = Object.keys(body).filter((name) => name !== "boost");
  if (path === undefined) {
    throw new RejectedRequest(
      "parsing_exception",
      "[terms] query requires a field name, followed by array of terms or a document lookup specification",
    );
  }
  if (second !== undefined) throw new RejectedRequest("parsing_exception", "[terms] query does not support multiple fields");
  const own = childPointer(pointer, path);
  const asked = member(body, path) ?? null;
  const values = isObject(asked) ? lookedUpValues(context.lookedUp, readLookup(asked), own) : asked;
  if (!isArray(values)) throw new RejectedRequest("parsing_exception", `[terms] query does not support [${path}]`);
  if (values.some(isArray)) throw new RejectedRequest("parsing_exception", `[terms] unknown token [END_ARRAY] after [${path}]`);
  if (values.includes(null)) throw new RejectedRequest("parsing_exception", "No value specified for terms query");
  const boost = boostOf(body);
  if (values.length === 0) return NONE;
  if (isMetaField(path)) return compileMetaTerms(path, values, own, context, boost);
  const field = fieldOf(context, path, own);
  if (field === undefined) return withoutField(context, path);
  if (values.length > MOST_TERMS) {
    throw new RejectedRequest(
      "query_shard_exception",
      `failed to create query: The number of terms [${values.length}] used in the Terms Query request has exceeded the allowed maximum of [${MOST_TERMS}].`,
    );
  }
  if (rangeKind(field) !== undefined) return constant(or(values.map((value) => holds(field, value, context))), boost);
  for (const value of values) refuseBeyond(field, value, own);
  const terms = values.map((value) => termValue(field, value, own, context));
  return constant(equalsAny(field, terms, own), boost, termHighlights(field, terms));
}

const NARROW: ReadonlySet<string> = new Set(["integer", "short", "byte"]);

// A `term` equals nothing there; several are read as the type's own numbers, bytes and shorts as integers.
function refuseBeyond(field: Field, value: JsonValue, pointer: string): void {
  if (field.type !== "long" && !NARROW.has(field.type)) return;
  const number = readDecimal(String(value));
  if (number === null || number.hasFraction) return;
  const type = field.type === "long" ? "a long" : "an integer";
  if (BigInt.asIntN(field.type === "long" ? 64 : 32, number.whole) !== number.whole) {
    throw new RejectedRequest("query_shard_exception", `failed to create query: Value [${String(value)}] is out of range for ${type}`);
  }
  const narrower = field.widenedFrom?.some((each) => NARROW.has(each)) === true;
  if (narrower && BigInt.asIntN(32, number.whole) !== number.whole) {
    throw new UnsupportedClause(pointer, `[${field.path}] is an integer in some indices, which such a term is out of range for`);
  }
}
