import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { civilFromDays, dayOfWeek, daysFromCivil } from "../../../../src/main/elasticsearch/date/civil.ts";
import { instantOfLocal, parseZone, zoneOffset } from "../../../../src/main/elasticsearch/date/zone.ts";

const HOUR = 3_600_000;

describe("time zones", () => {
  test("reads what Java calls a zone", () => {
    for (const [text, zone] of [
      ["Z", "Z"],
      ["UTC", "Z"],
      ["+2", "+02:00"],
      ["-0330", "-03:30"],
      ["UTC+05:45", "+05:45"],
      ["Europe/Paris", "Europe/Paris"],
      ["Europe/Nowhere", null],
      ["+19:00", null],
      ["", null],
    ] as const) {
      assert.equal(parseZone(text), zone, text);
    }
  });

  test("knows the offset on both sides of each change of the clocks", () => {
    const change = Date.parse("2024-10-27T01:00:00Z");
    assert.equal(zoneOffset(change - 1, "Europe/Paris"), 2 * HOUR);
    assert.equal(zoneOffset(change, "Europe/Paris"), HOUR);
    assert.equal(zoneOffset(Date.parse("2024-10-05T15:29:59.999Z"), "Australia/Lord_Howe"), 10.5 * HOUR);
    assert.equal(zoneOffset(Date.parse("2024-10-05T15:30:00Z"), "Australia/Lord_Howe"), 11 * HOUR);
    assert.equal(zoneOffset(Date.parse("1850-01-01T00:00:00Z"), "Europe/Paris"), 561_000);
    assert.equal(zoneOffset(0, "-03:30"), -3.5 * HOUR);
  });

  test("resolves a wall clock that is skipped or comes twice as Java does", () => {
    const local = (text: string): number => Date.parse(`${text}Z`);
    const utc = (text: string, preferred?: number): string =>
      new Date(instantOfLocal(local(text), "Europe/Paris", preferred)).toISOString().slice(0, 16);
    assert.equal(utc("2024-03-31T02:30"), "2024-03-31T01:30");
    assert.equal(utc("2024-10-27T02:30"), "2024-10-27T00:30");
    assert.equal(utc("2024-10-27T02:30", HOUR), "2024-10-27T01:30");
    assert.equal(utc("2024-07-01T12:00"), "2024-07-01T10:00");
  });

  test("counts days over four thousand years", () => {
    for (let days = -1_000_000; days < 1_000_000; days += 997) {
      const { year, month, day } = civilFromDays(days);
      assert.equal(daysFromCivil(year, month, day), days);
      assert.equal(new Date(days * 86_400_000).getUTCDay(), dayOfWeek(days) % 7);
      assert.equal(new Date(days * 86_400_000).getUTCFullYear(), year);
    }
  });
});
