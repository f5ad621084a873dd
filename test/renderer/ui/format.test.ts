import assert from "node:assert/strict";
import { test } from "node:test";
import { plural } from "../../../src/renderer/strings/plural.ts";
import { bytes, count, dateTime, duration, groupDigits, ms, percent, seconds, times } from "../../../src/renderer/ui/format.ts";

const thin = (text: string) => text.replaceAll("_", "\u2009");

test("thousands stand apart, whatever the number's length", () => {
  assert.equal(count(48217), thin("48_217"));
  assert.equal(groupDigits("9007199254740993"), thin("9_007_199_254_740_993"));
  assert.equal(groupDigits("-1234.50"), thin("−1_234.50"));
  assert.equal(groupDigits("2017-01-01"), "2017-01-01");
  assert.equal(groupDigits('"12345"'), '"12345"');
});

test("nothing is a dash, zero is zero", () => {
  assert.equal(count(null), "–");
  assert.equal(count(0), "0");
  assert.equal(ms(null), "–");
  assert.equal(duration(undefined), "–");
  assert.equal(bytes(0), thin("0_B"));
});

test("times are short in rows and whole in figures", () => {
  assert.equal(ms(4.23), "4.2");
  assert.equal(ms(186.3), "186");
  assert.equal(duration(186.34), thin("186.3_ms"));
  assert.equal(duration(12_400), thin("12.4_s"));
  assert.equal(times(186.3, 44.4), "4.2×");
});

test("bytes are exact while they are few", () => {
  assert.equal(bytes(41_322), thin("41_322_B"));
  assert.equal(bytes(312_000_000), thin("312_MB"));
  assert.equal(bytes(1_840_000_000_000_000), thin("1.84_PB"));
});

test("a share is never rounded to all or to nothing", () => {
  assert.equal(percent(9999, 10000), thin("99.9_%"));
  assert.equal(percent(1, 100_000), thin("0.1_%"));
  assert.equal(percent(5, 5), thin("100_%"));
  assert.equal(percent(0, 0), "–");
});

test("dates are the same in every locale, and seconds have their unit as milliseconds have", () => {
  assert.equal(dateTime(new Date(2026, 0, 2, 3, 4, 5).getTime()), "2026-01-02 03:04:05");
  assert.equal(seconds(1234.56), thin("1_234.6_s"));
});

test("what is one is told in the singular, and many in groups", () => {
  assert.equal(plural(1, "request", "requests"), "1 request");
  assert.equal(plural(48217, "request", "requests"), thin("48_217 requests"));
});
