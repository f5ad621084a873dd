// Range bounds of dates: date math and rounding, `format`, `time_zone`. A number without a format makes Elasticsearch read
// both bounds as epoch_millis.
import { isNumber, type JsonObject, member } from "../../../shared/json.ts";
import { binary } from "../../clickhouse/sql/ast.ts";
import { isDateFormat } from "../../elasticsearch/date/format.ts";
import { parseZone } from "../../elasticsearch/date/zone.ts";
import { dateBound } from "../../elasticsearch/fields/date.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { scalarText } from "../parameters.ts";
import { typeOf, valueParam } from "./field_values.ts";
import type { Bound, Conditions } from "./range.ts";

export function dateBounds(field: Field, bounds: readonly Bound[], options: JsonObject, pointer: string, context: Context): Conditions {
  const type = typeOf(field, pointer);
  const format = formatOf(options, bounds, pointer);
  const zone = zoneOf(options);
  const limits = bounds.map(({ op, value }) => {
    const limit = dateBound(field, value, {
      now: context.now,
      roundUp: op === ">" || op === "<=",
      ...(format === undefined ? {} : { format }),
      ...(zone === undefined ? {} : { zone }),
    });
    if (typeof limit !== "bigint") throw new RejectedRequest("parse_exception", limit.error);
    return { op, limit };
  });
  return (value) => limits.map(({ op, limit }) => binary(value, op, valueParam(type, limit)));
}

function formatOf(options: JsonObject, bounds: readonly Bound[], pointer: string): string | undefined {
  const format = member(options, "format");
  if (format === undefined || format === null) return bounds.some((bound) => isNumber(bound.value)) ? "epoch_millis" : undefined;
  const text = scalarText(format);
  if (!isDateFormat(text)) throw new UnsupportedClause(`${pointer}/format`, `the date format [${text}] is not read here`);
  return text;
}

/** `time_zone` of a range; undefined where it has none. */
export function zoneOf(options: JsonObject): string | undefined {
  const zone = member(options, "time_zone");
  if (zone === undefined || zone === null) return undefined;
  const parsed = parseZone(scalarText(zone));
  if (parsed === null) throw new RejectedRequest("zone_rules_exception", `Unknown time-zone ID: ${scalarText(zone)}`);
  return parsed;
}
