// The two roundings, SQL's and our own, name the same bucket for any moment, and the next bucket follows the last.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { param, select } from "../../../../src/main/clickhouse/sql/ast.ts";
import { print } from "../../../../src/main/clickhouse/sql/print.ts";
import { nextMs, type Rounding, roundedKeys, roundMs } from "../../../../src/main/translate/aggs/rounding.ts";
import type { CalendarUnit, Interval } from "../../../../src/main/translate/aggs/wall_clock.ts";
import { isArray } from "../../../../src/shared/json.ts";
import { connectClickHouse } from "../../../support/two_engines.ts";

const address = process.env.PARALLAX_TEST_CLICKHOUSE;
const SEED = Number(process.env.PARALLAX_TEST_SEED ?? 7);
const ZONES = [
  "Z",
  "+05:30",
  "Europe/Paris",
  "Pacific/Apia",
  "America/Sao_Paulo",
  "America/Havana",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
];
const UNITS: readonly CalendarUnit[] = ["minute", "hour", "day", "week", "month", "quarter", "year"];
const INTERVALS: readonly Interval[] = [
  ...UNITS.map((unit) => ({ kind: "calendar", unit }) as const),
  ...[90, 180, 720, 1440].map((minutes) => ({ kind: "fixed", ms: minutes * 60_000 }) as const),
];

const DAY = 86_400_000;
/** When clocks were changed in Paris, Apia or Sydney, and São Paulo. */
const CHANGES = [1_729_990_800_000, 1_711_846_800_000, 1_712_415_600_000, 1_508_036_400_000];

function near(all: readonly number[], at: number, distance: number): readonly number[] {
  return all.filter((ms) => Math.abs(ms - at) <= distance);
}

function moments(seed: number): readonly number[] {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const around = CHANGES.flatMap((at) => Array.from({ length: 20 }, () => at + Math.floor((random() - 0.5) * 86_400_000 * 2)));
  return [...around, ...Array.from({ length: 100 }, () => Math.floor((random() - 0.2) * 2_000_000_000_000)), 0, -1, -86_400_001];
}

describe(`rounding, seed ${SEED},`, { skip: address === undefined ? "PARALLAX_TEST_CLICKHOUSE names no server" : false }, () => {
  const clickhouse = connectClickHouse(address ?? "http://localhost");
  after(() => clickhouse.close());
  const all = moments(SEED);
  for (const zone of ZONES) {
    test(`is the same for ${zone} where all moments are known to lie close together`, async () => {
      for (const interval of INTERVALS) {
        for (const offset of [0, 21_600_000]) {
          const rounding: Rounding = { interval, zone, offset };
          // Two days around a change of the clock, and a year.
          for (const own of [...CHANGES.map((at) => near(all, at, 2 * DAY)), near(all, CHANGES[0] ?? 0, 366 * DAY)]) {
            const span = { least: Math.min(...own), greatest: Math.max(...own) };
            const query = select({ columns: [{ expr: roundedKeys(param("Array(Int64)", own), rounding, span), alias: "keys" }] });
            const { rows } = await clickhouse.query(print(query));
            const keys = rows[0]?.keys;
            assert.ok(isArray(keys));
            assert.deepEqual(
              keys.map(Number),
              own.map((ms) => roundMs(ms, rounding)),
              JSON.stringify(rounding),
            );
          }
        }
      }
    });
  }
  for (const zone of ZONES) {
    test(`is the same in SQL and here for ${zone}`, async () => {
      for (const interval of INTERVALS) {
        for (const offset of [0, 21_600_000]) {
          const rounding: Rounding = { interval, zone, offset };
          const query = select({ columns: [{ expr: roundedKeys(param("Array(Int64)", all), rounding), alias: "keys" }] });
          const { rows } = await clickhouse.query(print(query));
          const keys = rows[0]?.keys;
          assert.ok(isArray(keys));
          assert.deepEqual(
            keys.map(Number),
            all.map((ms) => roundMs(ms, rounding)),
            JSON.stringify(rounding),
          );
        }
      }
    });
  }
});

describe("the next bucket", () => {
  for (const zone of ZONES) {
    test(`is the first that a later moment falls in, for ${zone}`, () => {
      for (const interval of INTERVALS) {
        const rounding: Rounding = { interval, zone, offset: 0 };
        for (const ms of moments(SEED)) {
          const key = roundMs(ms, rounding);
          const next = nextMs(key, rounding);
          assert.equal(roundMs(next - 1, rounding), key, `${JSON.stringify(rounding)} before ${next}`);
          assert.ok(next > key, `${next} after ${key}`);
          assert.equal(roundMs(next, rounding), next, `${JSON.stringify(rounding)} from ${ms}`);
        }
      }
    });
  }
});
