// `multi_terms`: a bucket for each combination of the values of several fields, the largest first.
import { isArray, isObject, type JsonValue } from "../../../../shared/json.ts";
import { call, type Expr, tuple } from "../../../clickhouse/sql/ast.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest } from "../../failure.ts";
import { integer } from "../cells.ts";
import { formatOf } from "../format.ts";
import { type KeyForm, termKeys } from "../keys.ts";
import { Parameters } from "../parameters.ts";
import { combinations } from "../product.ts";
import { NO_TERMS, readLimits, refuseNestedError, termBuckets } from "../term_buckets.ts";
import type { AggregationNode, Buckets, MultiBucketDefinition, Surroundings } from "../types.ts";
import { mapped, refusedType, valuesOf } from "../values.ts";

const MOST_TERMS = 128;

export const multiTerms: MultiBucketDefinition = { kind: "multi", compile: compileMultiTerms };

/** One of the fields: its keys, each a tuple of one, and how one is printed. */
interface Part {
  readonly keys: Expr;
  print(cell: JsonValue): JsonValue;
}

function compileMultiTerms(node: AggregationNode, context: Context, { nested }: Surroundings): Buckets {
  const parameters = new Parameters(node);
  const parts = partsOf(parameters, context);
  const limits = readLimits(parameters, 1);
  parameters.done();
  refuseNestedError(limits, nested, parameters, context);
  const [first, ...rest] = parts.flatMap((part) => (part === undefined ? [] : [part.keys]));
  if (first === undefined || parts.includes(undefined)) return { ...NO_TERMS, keys: call("emptyArrayUInt8") };
  const print = (cell: JsonValue): readonly JsonValue[] => {
    const cells = isArray(cell) ? cell : [];
    return parts.map((part, i) => part?.print(cells[i] ?? null) ?? null);
  };
  const form: KeyForm = {
    keys: combinations(first, rest),
    members(cell) {
      const key = print(cell);
      return [
        ["key", key],
        ["key_as_string", key.map(String).join("|")],
      ];
    },
    position: () => Number.NaN,
  };
  return termBuckets(form, limits, false);
}

function partsOf(parameters: Parameters, context: Context): readonly (Part | undefined)[] {
  const value = parameters.value("terms");
  const items = isArray(value) ? value : isObject(value) ? [value] : [];
  if (items.length < 2 || items.length > MOST_TERMS) {
    throw new RejectedRequest(
      "x_content_parse_exception",
      `The [terms] parameter in the aggregation [${parameters.node.name}] must be present and have at least 2 fields or scripts.`,
    );
  }
  return items.map((item, i) => {
    if (!isObject(item)) throw parameters.malformed("terms", "objects");
    return partOf({ ...parameters.node, body: item, pointer: `${parameters.pointer("terms")}/${i}` }, context);
  });
}

function partOf(node: AggregationNode, context: Context): Part | undefined {
  const parameters = new Parameters(node);
  const values = valuesOf(parameters, context);
  const format = formatOf(parameters, values);
  const zone = parameters.text("time_zone");
  parameters.ignore("value_type");
  parameters.done();
  if (values === undefined) return undefined;
  if (values.family === "geo_point" || values.family === "other") throw refusedType(values, parameters);
  const form = termKeys(values, format, zone);
  return {
    keys: mapped(form.keys, (x) => tuple(x)),
    print(cell) {
      if (values.family === "boolean") return integer(cell) !== 0n;
      const members = form.members(cell);
      return (members.find(([name]) => name === "key_as_string") ?? members[0])?.[1] ?? null;
    },
  };
}
