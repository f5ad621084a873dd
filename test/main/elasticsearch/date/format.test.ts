import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  DEFAULT_FORMAT,
  DEFAULT_NANOS_FORMAT,
  formatDate,
  isDateFormat,
  parseDate,
} from "../../../../src/main/elasticsearch/date/format.ts";
import type { ResolveOptions } from "../../../../src/main/elasticsearch/date/instant.ts";

const iso = (text: string, format = DEFAULT_FORMAT, options: ResolveOptions = {}): string | null => {
  const instant = parseDate(text, format, options);
  return instant === null ? null : new Date(instant.ms).toISOString();
};

describe("reading dates", () => {
  test("reads ISO dates with any part of the time left out", () => {
    for (const [text, expected] of [
      ["2024", "2024-01-01T00:00:00.000Z"],
      ["2024-10", "2024-10-01T00:00:00.000Z"],
      ["2024-10-05T", "2024-10-05T00:00:00.000Z"],
      ["2024-11-19T04:34", "2024-11-19T04:34:00.000Z"],
      ["2024-10-05T10:11:12,5+02:00", "2024-10-05T08:11:12.500Z"],
      ["2024-10-05T10:11:12.123456789Z", "2024-10-05T10:11:12.123Z"],
      ["2024-10-05T10:11:12-0330", "2024-10-05T13:41:12.000Z"],
      ["2024-07-05T10:11Europe/Paris", "2024-07-05T08:11:00.000Z"],
      ["0000-02-20", "0000-02-20T00:00:00.000Z"],
      ["-5", "1969-12-31T23:59:59.995Z"],
      ["1700000000000", "2023-11-14T22:13:20.000Z"],
    ] as const) {
      assert.equal(iso(text), expected, text);
    }
  });

  test("refuses days and times that do not exist", () => {
    for (const text of ["2024-02-30", "2023-02-29", "2024-13", "2024-10-05T24", "2024-10-05T10:60", "2024-10-05 10:00", "abc", ""]) {
      assert.equal(iso(text), null, text);
    }
  });

  test("rounds up to the end of the day, never of the month", () => {
    assert.equal(iso("2024-10", DEFAULT_FORMAT, { roundUp: true }), "2024-10-01T23:59:59.999Z");
    assert.equal(iso("2024-10-05T10", DEFAULT_FORMAT, { roundUp: true }), "2024-10-05T10:59:59.999Z");
    assert.equal(iso("05/10/2024", "dd/MM/yyyy", { roundUp: true }), "2024-10-05T23:59:59.999Z");
    assert.deepEqual(parseDate("1700000000", "epoch_second", { roundUp: true }), { ms: 1700000000999, nanos: 999999 });
  });

  test("takes the request's zone only where the text names none", () => {
    const zone = "Europe/Paris";
    assert.equal(iso("2024-10-05", DEFAULT_FORMAT, { zone }), "2024-10-04T22:00:00.000Z");
    assert.equal(iso("2024-10-05T00:00Z", DEFAULT_FORMAT, { zone }), "2024-10-05T00:00:00.000Z");
    assert.equal(iso("1700000000000", DEFAULT_FORMAT, { zone }), "2023-11-14T22:13:20.000Z");
    assert.equal(iso("20241005", "basic_date", { zone }), "2024-10-05T00:00:00.000Z");
  });

  test("reads Java patterns, and each alternative in turn", () => {
    const format = "yyyy-MM-dd HH:mm:ss||dd/MM/yyyy||EEE, d MMM yyyy HH:mm:ss Z||epoch_second";
    assert.equal(iso("2024-10-05 10:11:12", format), "2024-10-05T10:11:12.000Z");
    assert.equal(iso("29/02/2024", format), "2024-02-29T00:00:00.000Z");
    assert.equal(iso("Tue, 14 Nov 2023 23:13:20 +0100", format), "2023-11-14T22:13:20.000Z");
    assert.equal(iso("1700000000.5", format), "2023-11-14T22:13:20.500Z");
    assert.equal(iso("2024-10-05 12:30 PM", "yyyy-MM-dd hh:mm a"), "2024-10-05T12:30:00.000Z");
    assert.equal(iso("2024-10-05T11", "yyyy-MM-dd['T'HH[:mm]]"), "2024-10-05T11:00:00.000Z");
    assert.equal(iso("2024-005", "uuuu-DDD"), "2024-01-05T00:00:00.000Z");
    assert.equal(iso("2024-W05", "weekyear_week"), "2024-01-29T00:00:00.000Z");
  });

  test("says so where a pattern has a letter that it can't read", () => {
    assert.equal(isDateFormat("yyyy-MM-dd||epoch_millis"), true);
    assert.equal(isDateFormat("YYYY-ww"), false);
    assert.equal(isDateFormat("yyyy-MM-dd zzzz"), false);
    assert.throws(() => parseDate("2024", "YYYY"));
  });
});

describe("printing dates", () => {
  const ms = 1700000000123;

  test("prints by name, pattern and zone as Elasticsearch does", () => {
    for (const [format, zone, expected] of [
      [DEFAULT_FORMAT, "Z", "2023-11-14T22:13:20.123Z"],
      [DEFAULT_FORMAT, "Europe/Paris", "2023-11-14T23:13:20.123+01:00"],
      ["epoch_millis", "Europe/Paris", "1700000000123"],
      ["epoch_second", "Z", "1700000000.123"],
      ["yyyy-MM-dd HH:mm:ss.SS XX", "Asia/Kathmandu", "2023-11-15 03:58:20.12 +0545"],
      ["EEEE d MMMM uuuu, hh:mm a", "Z", "Tuesday 14 November 2023, 10:13 PM"],
      ["basic_date", "Z", "20231114"],
      ["week_date", "Z", "2023-W46-2"],
      ["strict_date_hour_minute", "-03:30", "2023-11-14T18:43"],
    ] as const) {
      assert.equal(formatDate(ms, format, zone), expected, format);
    }
  });

  test("prints years beyond four digits with a sign, and moments before 1970", () => {
    assert.equal(formatDate(253402300800000), "+10000-01-01T00:00:00.000Z");
    assert.equal(formatDate(-1), "1969-12-31T23:59:59.999Z");
    assert.equal(formatDate(-5, "epoch_second"), "-0.005");
  });

  test("prints nanoseconds only where the format has them", () => {
    assert.equal(formatDate(ms, DEFAULT_NANOS_FORMAT, "Z", 456789), "2023-11-14T22:13:20.123456789Z");
    assert.equal(formatDate(ms, DEFAULT_NANOS_FORMAT, "Z", 0), "2023-11-14T22:13:20.123Z");
    assert.equal(formatDate(ms, DEFAULT_FORMAT, "Z", 456789), "2023-11-14T22:13:20.123Z");
  });
});
