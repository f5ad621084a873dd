// Ranges over numbers, dates with date math, addresses and words.
import type { Random } from "../../../scripts/sample/random.ts";
import type { JsonObject, JsonValue } from "../../../src/shared/json.ts";
import { FROM, SPAN } from "./values.ts";
import type { FuzzField } from "./world.ts";

export const ZONES = ["UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "+05:30", "-08:00", "Australia/Lord_Howe"] as const;

/** A range over a field: both bounds, one, rarely none. */
export function rangeOf(random: Random, field: FuzzField): JsonObject {
  const dates = field.family === "date";
  const [first, second] = [bound(random, field), bound(random, field)];
  const swap = comparable(first) > comparable(second) && random.chance(0.9);
  const [low, high] = alike(random, swap ? [second, first] : [first, second], dates);
  const sides = random.pick(["both", "both", "both", "low", "high"]);
  const body: Record<string, JsonValue> = {};
  if (sides !== "high") body[random.pick(["gte", "gte", "gt"])] = low;
  if (sides !== "low") body[random.pick(["lte", "lt"])] = high;
  if (dates && typeof low === "string" && typeof high === "string" && random.chance(0.3)) body.time_zone = random.pick(ZONES);
  if (dates && /^\d{4}-\d\d-\d\dT.*Z$/.test(`${low}`) && /^\d{4}-\d\d-\d\dT.*Z$/.test(`${high}`) && random.chance(0.7)) {
    body.format = "strict_date_optional_time";
  }
  if (random.chance(0.05)) body.boost = 2;
  return { range: { [field.path]: body } };
}

// A number beside a text makes Elasticsearch read both as milliseconds and refuse the text.
function alike(random: Random, [low, high]: readonly [JsonValue, JsonValue], dates: boolean): readonly [JsonValue, JsonValue] {
  if (!dates || typeof low === typeof high || random.chance(0.03)) return [low, high];
  return typeof low === "string" ? [low, low] : [high, high];
}

function comparable(value: JsonValue): number {
  const text = String(value).replace(/\|\|.*$/, "");
  const number = Number(text);
  return Number.isNaN(number) ? Date.parse(text) : number;
}

function bound(random: Random, field: FuzzField): JsonValue {
  const held = field.samples.length > 0 ? random.pick(field.samples) : null;
  if (field.family === "date") return random.chance(0.2) && held !== null ? held : instant(random, field);
  if (field.family === "number" && random.chance(0.3)) return random.pick<JsonValue>([0, 10, 2.5, 100, "5", -1, 1000]);
  return held ?? 0;
}

function instant(random: Random, field: FuzzField): JsonValue {
  const ms = FROM + random.integer(0, SPAN);
  const iso = new Date(ms).toISOString();
  switch (field.definition.format) {
    case "epoch_second":
      return Math.floor(ms / 1000);
    case "yyyy-MM-dd HH:mm:ss":
      return iso.slice(0, 19).replace("T", " ");
    case "basic_date_time_no_millis":
      return `${iso.slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
    default: {
      const day = iso.slice(0, 10);
      const forms: readonly (readonly [JsonValue, number])[] = [
        [iso, 8],
        [ms, 2],
        [day, 2],
        [`${day}||/M`, 1],
        [`${day}||+1d/d`, 1],
        [`${iso}||-3h/h`, 1],
        [iso.slice(0, 7), 0.5],
        ["now", 0.5],
        ["now-2y/d", 1],
        ["now/w", 0.3],
      ];
      return random.weighted(forms);
    }
  }
}
