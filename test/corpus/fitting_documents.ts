// Documents that fit a set of requests: their fields, values near theirs, times within theirs. Seeded.
import { seededRandom } from "../../scripts/sample/random.ts";
import { type JsonObject, type JsonValue, jsonObject, printJson } from "../../src/shared/json.ts";
import { type FieldKind, FieldUses } from "./field_uses.ts";

export interface Fitting {
  readonly mappings: JsonObject;
  readonly documents: readonly string[];
}

/** `count` documents that the requests with these bodies find some of. */
export function fittingDocuments(bodies: readonly JsonObject[], count: number, seed: number): Fitting {
  const random = seededRandom(seed);
  const uses = new FieldUses();
  const conditions = bodies.map((body) => uses.read(body));
  // An object can't be a value as well: the longer names win.
  const names = [...uses.fields.keys()].filter((name) => ![...uses.fields.keys()].some((other) => other.startsWith(`${name}.`))).toSorted();
  const leaf = (name: string): FieldKind => uses.fields.get(name)?.kind ?? "keyword";
  const made = (name: string, time: number): JsonValue => {
    const known = [...(uses.fields.get(name)?.values ?? [])];
    switch (leaf(name)) {
      case "date":
        return new Date(time + random.integer(-60_000, 0)).toISOString();
      case "long":
        return known.length > 0 && random.chance(0.7) ? Number(random.pick(known)) : Math.round(random.longTail(5000));
      case "geo_point":
        return { lat: random.integer(-8000, 8000) / 100, lon: random.integer(-17900, 17900) / 100 };
      case "ip":
        return `10.${random.integer(0, 3)}.0.${random.integer(1, 60)}`;
      case "text":
      case "keyword": {
        const value =
          known.length > 0 && random.chance(0.6)
            ? String(random.pick(known))
            : `${name.split(".").at(-1) ?? name}-${random.integer(1, 12)}`;
        return random.chance(0.05) ? [value, `${value}-b`] : value;
      }
    }
  };
  const documents = Array.from({ length: count }, () => {
    const wanted = random.pick(conditions);
    const dated = Number.isFinite(wanted.from) && Number.isFinite(wanted.to);
    const time = dated ? random.integer(wanted.from, wanted.to) : Date.UTC(2022, 3, 18) + random.integer(0, 86_400_000);
    const members = names.flatMap((name): [string, JsonValue][] => {
      if (name === "@timestamp" || name === "timestamp") return [[name, new Date(time).toISOString()]];
      const asked = wanted.equal.get(name);
      if (asked !== undefined && random.chance(0.8)) return [[name, leaf(name) === "long" ? Number(asked) || 0 : asked]];
      return random.chance(0.55) ? [[name, made(name, time)]] : [];
    });
    return printJson(jsonObject(members));
  });
  const properties = names.map((name) => [name, { type: leaf(name) }] as const);
  return { mappings: { properties: jsonObject(properties) }, documents };
}
