import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatDecimal, isDecimalFormat } from "../../../../src/main/elasticsearch/fields/decimal_format.ts";
import { doubleJson, floatJson, integerJson, javaDouble, javaFloat } from "../../../../src/main/elasticsearch/fields/number_text.ts";
import { roundToHalf, toFloat, toFloatByDouble } from "../../../../src/main/elasticsearch/fields/number_value.ts";
import { printJson, RawNumber } from "../../../../src/shared/json.ts";

describe("numbers as Java prints them", () => {
  test("prints doubles", () => {
    for (const [value, text] of [
      [0, "0.0"],
      [-0, "-0.0"],
      [10, "10.0"],
      [1e7, "1.0E7"],
      [9999999, "9999999.0"],
      [1e10, "1.0E10"],
      [0.001, "0.001"],
      [0.00099, "9.9E-4"],
      [-1.5, "-1.5"],
      [123456789.12345679, "1.2345678912345679E8"],
      [5e-324, "4.9E-324"],
      [1e-323, "9.9E-324"],
      [2e23, "2.0E23"],
      [Number.MAX_VALUE, "1.7976931348623157E308"],
      [Number.POSITIVE_INFINITY, "Infinity"],
      [Number.NaN, "NaN"],
    ] as const) {
      assert.equal(javaDouble(value), text);
    }
  });

  test("prints floats with their own shortest digits, halves to the even one", () => {
    for (const [value, text] of [
      [Math.fround(0.1), "0.1"],
      [Math.fround(16777217), "1.6777216E7"],
      [Math.fround(1e-45), "1.4E-45"],
      [Math.fround(3.4e38), "3.4E38"],
      [1.25390625, "1.2539062"],
      [0.0999755859375, "0.099975586"],
    ] as const) {
      assert.equal(javaFloat(value), text);
    }
  });

  test("gives JSON values that print that text, and stay numbers where JavaScript's text is the same", () => {
    assert.equal(
      printJson([doubleJson(10), doubleJson(0.5), floatJson(Math.fround(0.1)), integerJson(2n ** 60n)]),
      "[10.0,0.5,0.1,1152921504606846976]",
    );
    assert.equal(doubleJson(0.5), 0.5);
    assert.ok(doubleJson(10) instanceof RawNumber);
    assert.equal(doubleJson(Number.POSITIVE_INFINITY), "Infinity");
  });

  test("rounds to half floats with ties to even", () => {
    for (const [value, half] of [
      [2049, 2048],
      [2051, 2052],
      [65519, 65504],
      [65520, Number.POSITIVE_INFINITY],
      [1e-8, 0],
      [-1e-8, -0],
      [6e-8, 2 ** -24],
    ] as const) {
      assert.equal(roundToHalf(value), half);
    }
  });

  test("rounds the text of a document's float once, and a query's number by way of a double", () => {
    const text = new RawNumber("-26.236348152160645");
    assert.equal(javaDouble(toFloat(text)), "-26.23634910583496");
    assert.equal(javaDouble(toFloatByDouble(text)), "-26.236347198486328");
  });

  test("formats by DecimalFormat patterns", () => {
    for (const [value, pattern, text] of [
      [1234567.891, "#,##0.00", "1,234,567.89"],
      [0.5, "0.0%", "50.0%"],
      [0.125, "0.00", "0.12"],
      [0.375, "0.00", "0.38"],
      [-0, "0.00", "-0.00"],
      [1e10, "#,##0.00", "10,000,000,000.00"],
      [3.5, "'$'#.##", "$3.5"],
    ] as const) {
      assert.equal(formatDecimal(value, pattern), text, pattern);
    }
    assert.equal(isDecimalFormat("0.0E0"), false);
  });
});
