import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseDateMath } from "../../../../src/main/elasticsearch/date/date_math.ts";
import { DEFAULT_FORMAT } from "../../../../src/main/elasticsearch/date/format.ts";

const now = Date.parse("2024-09-30T12:40:00.123Z");

function evaluate(text: string, roundUp = false, zone = "Z"): string {
  const result = parseDateMath(text, { format: DEFAULT_FORMAT, now, roundUp, zone });
  return "error" in result ? result.error : new Date(result.ms).toISOString();
}

describe("date math", () => {
  test("adds, subtracts and rounds from left to right", () => {
    assert.equal(evaluate("now"), "2024-09-30T12:40:00.123Z");
    assert.equal(evaluate("now-15m"), "2024-09-30T12:25:00.123Z");
    assert.equal(evaluate("now/d"), "2024-09-30T00:00:00.000Z");
    assert.equal(evaluate("now/w-1d"), "2024-09-29T00:00:00.000Z");
    assert.equal(evaluate("2024-01-31||+1M"), "2024-02-29T00:00:00.000Z");
    assert.equal(evaluate("2024-10||+1M/d"), "2024-11-01T00:00:00.000Z");
    assert.equal(evaluate("1700000000000||/y"), "2023-01-01T00:00:00.000Z");
  });

  test("rounds up to the last millisecond of the unit", () => {
    assert.equal(evaluate("now/d", true), "2024-09-30T23:59:59.999Z");
    assert.equal(evaluate("2024-10||/M", true), "2024-10-31T23:59:59.999Z");
    assert.equal(evaluate("2024-10-02||/w", true), "2024-10-06T23:59:59.999Z");
    assert.equal(evaluate("now-1h", true), "2024-09-30T11:40:00.123Z");
    assert.equal(evaluate("2024-10", true), "2024-10-01T23:59:59.999Z");
  });

  test("follows the wall clock of the request's zone over a change of the clocks", () => {
    const zone = "Europe/Paris";
    assert.equal(evaluate("now/d", false, zone), "2024-09-29T22:00:00.000Z");
    assert.equal(evaluate("2024-10-27||/d", true, zone), "2024-10-27T22:59:59.999Z");
    assert.equal(evaluate("2024-03-30T02:30||+1d", false, zone), "2024-03-31T01:30:00.000Z");
    assert.equal(evaluate("2024-10-27T00:00||+3h", false, zone), "2024-10-27T01:00:00.000Z");
  });

  test("refuses what Elasticsearch refuses, in its words", () => {
    assert.equal(evaluate("now+"), "truncated date math [+]");
    assert.equal(evaluate("now*1d"), "operator not supported for date math [*1d]");
    assert.equal(evaluate("now/2d"), "rounding `/` can only be used on single unit types [/2d]");
    assert.equal(evaluate("now+1x"), "unit [x] not supported for date math [+1x]");
    const failed = `failed to parse date field [abc] with format [${DEFAULT_FORMAT}]`;
    assert.equal(evaluate("abc"), `${failed}: [${failed}]`);
  });
});
