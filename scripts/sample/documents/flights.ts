// `flights`: real flights within the United States in 2001, with the positions of their airports.
import type { JsonValue } from "../../../src/shared/json.ts";
import type { Random } from "../random.ts";
import { type BulkItem, boolean, type DocumentSource, date, geoPoint, integer, keyword, object } from "../source.ts";
import { readObjects, readRows } from "./registry_data.ts";

const airport = object({ code: keyword, name: keyword, city: keyword, state: keyword, location: geoPoint });

export function flights(random: Random): DocumentSource {
  const airports = new Map(readRows("airports.csv").map((row) => [row.iata ?? "", row]));
  const place = (code: string): JsonValue | undefined => {
    const row = airports.get(code);
    if (row === undefined) return undefined;
    return {
      code,
      name: row.name ?? "",
      city: row.city ?? "",
      state: row.state ?? "",
      location: { lat: Number(row.latitude), lon: Number(row.longitude) },
    };
  };
  const items = readObjects("flights-20k.json").flatMap((flight, number): BulkItem[] => {
    const origin = place(String(flight.origin));
    const destination = place(String(flight.destination));
    const delay = Number(flight.delay);
    if (number % 5 > 1 || origin === undefined || destination === undefined) return [];
    const document = {
      departure: String(flight.date),
      weekday: new Date(`${String(flight.date).replaceAll("/", "-").replace(" ", "T")}:00Z`).getUTCDay(),
      delay_minutes: delay,
      delayed: delay > 15,
      distance_miles: Number(flight.distance),
      origin,
      destination,
      route: `${String(flight.origin)}-${String(flight.destination)}`,
      ...(random.chance(0.2) ? { remarks: random.pick<JsonValue>([["weather"], ["crew", "late aircraft"], null, "security"]) } : {}),
    };
    return [{ action: "index", meta: { _id: `flight-${number}` }, document }];
  });
  return {
    index: "flights",
    creation: {
      settings: { number_of_shards: 1, number_of_replicas: 0 },
      mappings: {
        properties: {
          departure: { ...date, format: "yyyy/MM/dd HH:mm" },
          weekday: integer,
          delay_minutes: integer,
          delayed: boolean,
          distance_miles: integer,
          origin: airport,
          destination: airport,
          route: keyword,
          remarks: keyword,
        },
      },
    },
    bulkSize: 1000,
    items,
  };
}
