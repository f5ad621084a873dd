// Painless that Kibana's runtime and scripted fields hold: values read, computed, cut, and chosen between.
import type { JsonObject } from "../../../src/shared/json.ts";
import { type Draw, fieldOf } from "./query.ts";
import type { FuzzField } from "./world.ts";

/** A runtime field by this name, for `runtime_mappings`, as the fields of a world are described. */
export interface Computed {
  readonly field: FuzzField;
  readonly definition: JsonObject;
}

export function runtimeField(draw: Draw, name: string): Computed {
  const { random } = draw;
  const number = plain(draw, ["number"]);
  const word = plain(draw, ["keyword"]);
  const [type, source, samples] = random.weighted<readonly [string, string, readonly (string | number | boolean)[]]>([
    [["long", `if (doc['${number}'].size() > 0) { emit((long) doc['${number}'].value * 2); }`, [10, 24, 100]], 3],
    [["double", `if (!doc['${number}'].empty) { emit(doc['${number}'].value / 3.0); }`, [1.5, 10, 33]], 2],
    [
      [
        "keyword",
        `if (doc['${word}'].size() != 0) { emit(doc['${word}'].value.toUpperCase()); } else { emit('none'); }`,
        ["ERROR", "none", "A"],
      ],
      3,
    ],
    [["keyword", `for (v in doc['${word}']) { emit(v + '!'); }`, ["error!", "a!"]], 1],
    [["long", "emit(doc['@timestamp'].value.getHour());", [0, 5, 12]], 2],
    [["keyword", "emit(doc['@timestamp'].value.dayOfWeekEnum.toString());", ["MONDAY", "SUNDAY"]], 1],
    [["boolean", `emit(doc['${number}'].size() > 0 && doc['${number}'].value > 10);`, [true, false]], 1],
  ]);
  const family = type === "keyword" ? "keyword" : type === "boolean" ? "boolean" : "number";
  const definition = { type, script: random.chance(0.7) ? { source } : source };
  return { field: { path: name, type, family, definition: { type }, samples, tame: true }, definition };
}

/** One script of `script_fields`. */
export function scriptField(draw: Draw): JsonObject {
  const number = plain(draw, ["number"]);
  const word = plain(draw, ["keyword"]);
  const source = draw.random.pick([
    `doc['${number}'].size() == 0 ? 0 : doc['${number}'].value * 2`,
    `doc['${word}'].size() == 0 ? 'none' : doc['${word}'].value.substring(0, 1)`,
    `doc['${word}'].contains('error')`,
    "doc['@timestamp'].value.getYear()",
    "doc['@timestamp'].value.millis % 7",
    `Math.round(doc['${number}'].empty ? 0 : doc['${number}'].value / params.by)`,
  ]);
  return { script: { source, lang: "painless", ...(source.includes("params") ? { params: { by: 3 } } : {}) } };
}

/** A condition as a query. */
export function scriptQuery(draw: Draw): JsonObject {
  const number = plain(draw, ["number"]);
  const word = plain(draw, ["keyword"]);
  const source = draw.random.pick([
    `doc['${number}'].size() > 0 && doc['${number}'].value > 20`,
    `doc['${word}'].size() > 1`,
    "doc['@timestamp'].size() > 0 && doc['@timestamp'].value.getDayOfMonth() < 27",
  ]);
  return { script: { script: { source } } };
}

function plain(draw: Draw, families: Parameters<typeof fieldOf>[1]): string {
  return fieldOf(draw, families).path;
}
