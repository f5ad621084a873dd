import assert from "node:assert/strict";
import { test } from "node:test";
import { arrived, crossing } from "../../../src/main/exchange/crossing.ts";
import { parseJson, printJson, RawNumber } from "../../../src/shared/json.ts";

const TEXTS = ['{"a":9007199254740993,"b":[1.0,{"c":-0.0}],"__proto__":{"d":1e3},"e":"x"}', "[]", '"text"', "1.50"];

test("what crosses to another thread is the same there, to the last digit", () => {
  for (const text of TEXTS) assert.equal(printJson(arrived(structuredClone(crossing(parseJson(text))))), text);
});

test("Maps and Sets cross with what is in them", () => {
  const value = { map: new Map<string, unknown>([["a", { n: new RawNumber("1.0") }]]), set: new Set(["x"]), bytes: Uint8Array.of(1, 2) };
  const there = arrived(structuredClone(crossing(value)));
  assert.deepEqual(there, value);
  const inner = there.map.get("a");
  assert.ok(typeof inner === "object" && inner !== null && "n" in inner && inner.n instanceof RawNumber);
});

test("what holds no such number is not copied", () => {
  const plain = { a: [1, { b: "c" }], m: new Map([["k", [2]]]) };
  assert.equal(crossing(plain), plain);
});
