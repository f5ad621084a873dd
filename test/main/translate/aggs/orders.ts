// A dozen orders with everything that makes aggregations hard: several values, none, duplicates, ties, both zeros, a change of
// the clock, the date line.
import { parseMapping } from "../../../../src/main/elasticsearch/mapping.ts";
import type { JsonObject } from "../../../../src/shared/json.ts";

export const MAPPINGS: JsonObject = {
  properties: {
    color: { type: "keyword" },
    size: { type: "long" },
    price: { type: "double" },
    weight: { type: "half_float" },
    sold: { type: "boolean" },
    at: { type: "date" },
    from: { type: "ip" },
    place: { type: "geo_point" },
    title: { type: "text" },
  },
};

export const MAPPING = parseMapping(MAPPINGS);

export const ORDERS: readonly string[] = [
  '{"color":["red","blue"],"size":[3,3,7],"price":10.1,"weight":0.1,"sold":true,"at":"2024-10-26T21:30:00Z","from":"10.0.0.7","place":{"lat":48.85,"lon":2.35}}',
  '{"color":"red","size":7,"price":[0.1,0.2],"weight":1.5,"sold":false,"at":"2024-10-27T00:30:00Z","from":"10.0.0.9","place":{"lat":48.86,"lon":2.36}}',
  '{"color":"blue","size":12,"price":-0.0,"sold":true,"at":"2024-10-27T01:30:00Z","from":"2001:db8::1","place":{"lat":-17.7,"lon":178.1}}',
  '{"color":"green","size":9007199254740993,"price":0.0,"weight":0.1,"at":"2024-10-27T03:00:00Z"}',
  '{"color":[],"price":99.99,"sold":false,"at":"2024-11-05T12:00:00Z","from":"10.0.0.7"}',
  '{"size":-4,"price":10.1,"at":["2024-11-05T12:00:00Z","2024-12-24T18:00:00Z"],"place":{"lat":-17.8,"lon":-179.2}}',
  '{"color":"","size":0,"price":1e3,"sold":true,"at":"1969-12-31T23:59:59.999Z"}',
  '{"color":"red","size":3,"price":0.3,"weight":2.25,"sold":true,"at":"2024-11-06T00:00:00Z","from":"10.0.0.7"}',
  '{"color":"éa","size":5,"price":2.5,"at":"2025-01-01T00:00:00Z"}',
  '{"color":"z","size":5,"price":1e-20,"sold":false}',
  '{"color":"blue","size":7,"weight":65504,"at":"2024-10-27T00:59:59Z","place":[{"lat":48.85,"lon":2.35},{"lat":51.5,"lon":-0.12}]}',
  "{}",
];
