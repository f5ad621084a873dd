// Queries on points: boxes as Maps sends them, circles.
import type { Random } from "../../../scripts/sample/random.ts";
import type { JsonObject } from "../../../src/shared/json.ts";
import type { FuzzField } from "./world.ts";

export function geoQuery(random: Random, { path }: FuzzField): JsonObject {
  const place = (): { lat: number; lon: number } => ({
    lat: random.integer(-8900, 8900) / 100,
    lon: random.integer(-18_000, 18_000) / 100,
  });
  if (random.chance(0.4)) {
    return { geo_distance: { distance: random.pick(["100km", "3000km", "5000mi", "10m"]), [path]: place() } };
  }
  const [a, b] = [place(), place()];
  const top = Math.max(a.lat, b.lat);
  const bottom = Math.min(a.lat, b.lat);
  const left = random.chance(0.15) ? Math.max(a.lon, b.lon) : Math.min(a.lon, b.lon);
  const right = left === a.lon ? b.lon : a.lon;
  const box = random.pick<JsonObject>([
    { top_left: { lat: top, lon: left }, bottom_right: { lat: bottom, lon: right } },
    { top_left: [left, top], bottom_right: [right, bottom] },
    { top, left, bottom, right },
  ]);
  return { geo_bounding_box: { [path]: box, ...(random.chance(0.2) ? { ignore_unmapped: true } : {}) } };
}
