// A moment that a request names, in epoch ms, rounded down: by the field type's own reading of dates.

import type { Zone } from "../../elasticsearch/date/zone.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { UnsupportedClause } from "../failure.ts";

export function momentOf(text: string, field: Field, zone: Zone, format: string | undefined, now: number): number {
  void zone;
  void format;
  void now;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new UnsupportedClause("", `the date [${text}] of [${field.path}] is not read`);
  return ms;
}
