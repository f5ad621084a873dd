// A moment that a request names as text, in epoch ms: date math and the field's format, or the aggregation's own.
import { parseDateMath } from "../../elasticsearch/date/date_math.ts";
import { isDateFormat } from "../../elasticsearch/date/format.ts";
import type { Zone } from "../../elasticsearch/date/zone.ts";
import { dateFormatOf } from "../../elasticsearch/fields/date.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { RejectedRequest } from "../failure.ts";

/** Reads date text, rounding down. Throws RejectedRequest where Elasticsearch can't read it. */
export function momentOf(text: string, field: Field, zone: Zone, format: string | undefined, now: number): number {
  const pattern = format ?? dateFormatOf(field);
  if (!isDateFormat(pattern)) throw new RejectedRequest("illegal_argument_exception", `Invalid format: [${pattern}]`);
  const read = parseDateMath(text, { format: pattern, now, roundUp: false, zone });
  if ("error" in read) throw new RejectedRequest("parse_exception", read.error);
  return read.ms;
}
