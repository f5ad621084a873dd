// `devices`: readings of a fleet of delivery robots. Each has a state, a battery that empties and is charged, a way through its city, a
// clock of its own that may be off; readings come late, and some twice.
import type { JsonObject } from "../../../shared/json.ts";
import { BOOLEAN, DATE, DOUBLE, FLOAT, fields, GEO_POINT, type GeneratorKind, INTEGER, isoTime, KEYWORD, LONG, rounded } from "./kind.ts";
import { CITIES } from "./places.ts";
import { type Random, randomOf } from "./random.ts";

const FLEET = 400;
const USES = { device: 1 } as const;
/** A reading in so many is sent a second time, with the same event.id. */
const REPEATED = 100;
const MODELS: readonly [string, ...string[]] = ["courier-2", "courier-3", "tug-1"];
const DAY_MS = 86_400_000;

export const devices: GeneratorKind = {
  name: "devices",
  title: "Readings of a fleet of devices",
  index: "metrics-devices.fleet-default",
  mappings: {
    properties: {
      "@timestamp": DATE,
      event: fields({ id: KEYWORD, created: DATE, ingested: DATE }),
      device: fields({ id: KEYWORD, model: KEYWORD, firmware: KEYWORD, online: BOOLEAN }),
      state: KEYWORD,
      battery: fields({ percent: FLOAT, cycles: INTEGER }),
      temperature: DOUBLE,
      speed: FLOAT,
      odometer: LONG,
      uptime: LONG,
      errors: KEYWORD,
      city: KEYWORD,
      location: GEO_POINT,
      signal: fields({ rssi: INTEGER }),
    },
  },
  document: (number, time, seed) => {
    // A repeated reading is the one before it, to the letter but for when it came.
    const repeated = number % REPEATED === REPEATED - 1;
    return reading(repeated ? number - 1 : number, time, seed);
  },
};

function reading(number: number, time: number, seed: number): JsonObject {
  const random = randomOf(seed, number);
  const device = Math.floor(random.next() ** 1.5 * FLEET);
  const own = randomOf(seed, device, USES.device);
  const traits = traitsOf(own);
  const late = random.chance(0.05) ? Math.round(random.longTailed(60_000)) : Math.round(random.longTailed(300));
  const created = time - late;
  const measured = created + traits.clockOffMs;
  const phase = (created / DAY_MS + traits.phase) % 1;
  const battery = batteryOf(phase);
  const state = random.chance(0.01) ? "error" : phase > 0.8 ? "charging" : phase % 0.1 < 0.02 ? "idle" : "driving";
  const turn = 2 * Math.PI * phase * 7;
  return {
    "@timestamp": isoTime(measured),
    event: { id: `${seed}-${number}`, created: isoTime(created), ingested: isoTime(time) },
    device: { id: traits.id, model: traits.model, firmware: traits.firmware, online: state !== "error" },
    state,
    battery: { percent: rounded(battery, 1), cycles: Math.floor(created / DAY_MS) % 1000 },
    temperature: rounded(21 + 14 * Math.sin(2 * Math.PI * phase) + random.next() * 2, 3),
    speed: state === "driving" ? rounded(random.longTailed(4.2), 2) : 0,
    odometer: traits.odometer + Math.floor(created / 1000) * 3,
    uptime: Math.floor(created % (11 * DAY_MS)),
    errors: state === "error" ? [random.skewed(["E-MOTOR", "E-GPS", "E-BATTERY"]), ...(random.chance(0.3) ? ["E-DOOR"] : [])] : [],
    city: traits.city.name,
    location: {
      lat: rounded(traits.city.lat + 0.05 * Math.sin(turn + traits.phase), 5),
      lon: rounded(traits.city.lon + 0.08 * Math.sin(turn * 1.3), 5),
    },
    signal: { rssi: -40 - random.below(60) },
  };
}

function batteryOf(phase: number): number {
  return phase > 0.8 ? 20 + ((phase - 0.8) / 0.2) * 80 : 100 - (phase / 0.8) * 80;
}

function traitsOf(own: Random) {
  return {
    id: `robot-${own.hex(6)}`,
    model: own.skewed(MODELS),
    firmware: `${1 + own.below(3)}.${own.below(12)}.${own.below(4)}`,
    city: own.skewed(CITIES),
    phase: own.next(),
    // Most clocks are right; some are minutes off, one in fifty hours.
    clockOffMs: own.chance(0.02)
      ? (own.below(7) - 3) * 3_600_000
      : own.chance(0.1)
        ? Math.round((own.next() - 0.5) * 300_000)
        : own.below(40),
    odometer: own.below(5_000_000),
  };
}
