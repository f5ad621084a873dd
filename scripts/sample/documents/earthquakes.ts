// `earthquakes`: one week of the USGS feed, February 2018.
import { isArray, isObject, type JsonValue, member } from "../../../src/shared/json.ts";
import { type BulkItem, boolean, type DocumentSource, date, double, float, geoPoint, integer, keyword, object, text } from "../source.ts";
import { readObjects } from "./registry_data.ts";

export function earthquakes(): DocumentSource {
  const items = readObjects("earthquakes.json", "features").flatMap((feature): BulkItem[] => {
    const properties = member(feature, "properties");
    const geometry = member(feature, "geometry");
    const id = member(feature, "id");
    const point = isObject(geometry) ? member(geometry, "coordinates") : undefined;
    if (!isObject(properties) || !isArray(point) || typeof id !== "string") return [];
    const take = (name: string): JsonValue => member(properties, name) ?? null;
    const list = (name: string): JsonValue =>
      String(take(name))
        .split(",")
        .filter((part) => part !== "");
    const document = {
      time: take("time"),
      updated: take("updated"),
      place: take("place"),
      region: String(take("place")).split(", ").at(-1) ?? "",
      magnitude: { value: take("mag"), type: take("magType") },
      depth_km: point[2] ?? null,
      location: [point[0] ?? 0, point[1] ?? 0],
      status: take("status"),
      network: take("net"),
      tsunami: String(take("tsunami")) === "1",
      felt: take("felt"),
      significance: take("sig"),
      stations: take("nst"),
      gap: take("gap"),
      rms: take("rms"),
      products: list("types"),
      kind: take("type"),
    };
    return [{ action: "index", meta: { _id: id }, document }];
  });
  return {
    index: "earthquakes",
    creation: {
      settings: { number_of_shards: 1, number_of_replicas: 0 },
      mappings: {
        properties: {
          time: { ...date, format: "epoch_millis||strict_date_optional_time" },
          updated: { ...date, format: "epoch_millis||strict_date_optional_time" },
          place: text,
          region: keyword,
          magnitude: object({ value: float, type: keyword }),
          depth_km: double,
          location: geoPoint,
          status: keyword,
          network: keyword,
          tsunami: boolean,
          felt: integer,
          significance: integer,
          stations: integer,
          gap: double,
          rms: double,
          products: keyword,
          kind: keyword,
        },
      },
    },
    bulkSize: 600,
    items,
  };
}
