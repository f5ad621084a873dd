import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cellWriter, ipv6Bytes, RowBinaryWriter } from "../../../src/main/clickhouse/rowbinary.ts";

function hex(type: string, value: Parameters<ReturnType<typeof cellWriter>>[1]): string {
  const out = new RowBinaryWriter(1);
  cellWriter(type)(out, value);
  return out.bytes().toString("hex");
}

describe("RowBinary", () => {
  test("writes strings with the length of their bytes, short and long", () => {
    assert.equal(hex("String", "é"), "02c3a9");
    const long = "ß".repeat(100);
    assert.equal(hex("String", long), `c801${Buffer.from(long).toString("hex")}`);
    assert.equal(hex("String", Buffer.from([0, 255])), "0200ff");
  });

  test("writes 64-bit integers without loss, negative ones too", () => {
    assert.equal(hex("Int64", 9007199254740993n), "0100000000002000");
    assert.equal(hex("Int64", -1n), "ffffffffffffffff");
    assert.equal(hex("Int64", 1n), "0100000000000000");
    assert.equal(hex("Int64", 9007199254740991n), "ffffffffffff1f00");
    assert.equal(hex("UInt64", 18446744073709551615n), "ffffffffffffffff");
  });

  test("writes small integers at the edges of their range", () => {
    assert.equal(hex("UInt8", 255), "ff");
    assert.equal(hex("UInt16", 65535), "ffff");
    assert.equal(hex("UInt32", 4294967295), "ffffffff");
    assert.equal(hex("Int32", -2), "feffffff");
  });

  test("writes arrays and tuples", () => {
    assert.equal(hex("Array(UInt8)", [1, 2]), "020102");
    assert.equal(hex("Array(Tuple(Float64, Float64))", [[0, -0]]), "0100000000000000000000000000000080");
    assert.equal(hex("Array(String)", []), "00");
  });

  test("writes lists of counted numbers as any other, and words out of a text", () => {
    for (const count of [0, 1, 255, 256, 257, 1000]) {
      const out = new RowBinaryWriter(1);
      out.numbersUpTo(count);
      const numbers = Array.from({ length: count }, (_, number) => number);
      assert.equal(out.bytes().toString("hex"), hex("Array(UInt32)", numbers));
    }
    const out = new RowBinaryWriter(1);
    out.smallSlices(Buffer.from("  One,[Two]"), 2, Int32Array.of(0, 3, 5, 8), 2);
    assert.equal(out.bytes().toString("hex"), hex("Array(String)", ["one", "two"]));
  });

  test("writes IP addresses as IPv6, IPv4 mapped", () => {
    assert.equal(Buffer.from(ipv6Bytes("10.0.0.7")).toString("hex"), "00000000000000000000ffff0a000007");
    assert.equal(Buffer.from(ipv6Bytes("2001:db8::1")).toString("hex"), "20010db8000000000000000000000001");
    assert.equal(Buffer.from(ipv6Bytes("::ffff:1.2.3.4")).toString("hex"), "00000000000000000000ffff01020304");
    assert.throws(() => ipv6Bytes("1.2.3"));
  });
});
