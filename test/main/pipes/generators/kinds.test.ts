import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KINDS } from "../../../../src/main/pipes/generators/kinds.ts";
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../../../src/shared/json.ts";

const NOON = Date.UTC(2026, 5, 1, 12);

/** The fields of a document that its mapping does not name. */
function unmapped(document: JsonObject, mapping: JsonObject, path = ""): readonly string[] {
  const properties = member(mapping, "properties");
  return Object.entries<JsonValue>(document).flatMap(([name, value]) => {
    const field = isObject(properties) ? member(properties, name) : undefined;
    if (!isObject(field)) return [`${path}${name}`];
    if (member(field, "type") === "geo_point" || member(field, "dynamic") !== undefined) return [];
    const values = isArray(value) ? value : [value];
    return values.flatMap((one) => (isObject(one) ? unmapped(one, field, `${path}${name}.`) : []));
  });
}

for (const kind of KINDS) {
  describe(`generator ${kind.name}`, () => {
    it("makes the same document of the same number and seed, and another of another", () => {
      const text = (number: number, seed: number): string => JSON.stringify(kind.document(number, NOON, seed));
      assert.equal(text(4711, 7), text(4711, 7));
      assert.notEqual(text(4711, 7), text(4713, 7));
      assert.notEqual(text(4711, 7), text(4711, 8));
    });

    it("makes only fields that its mapping names", () => {
      const found = new Set(Array.from({ length: 2_000 }, (_, number) => unmapped(kind.document(number, NOON, 1), kind.mappings)).flat());
      assert.deepEqual([...found], []);
    });

    it("sends on average what it is asked to, bursts included", () => {
      const seconds = 20_000;
      const sum = Array.from({ length: seconds }, (_, second) => kind.burst?.(second, 3) ?? 1).reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum / seconds - 1) < 0.05, `${sum / seconds}`);
    });
  });
}

describe("the generators' skew", () => {
  it("gives logs storms of errors, many lines and letters of many scripts", () => {
    const logs = KINDS.find(({ name }) => name === "logs");
    assert.ok(logs !== undefined);
    const failed = (minute: number): number =>
      Array.from({ length: 300 }, (_, at) => logs.document(minute * 300 + at, NOON + minute * 60_000, 1)).filter((document) =>
        /"outcome":"failure"/.test(JSON.stringify(document)),
      ).length;
    const minutes = Array.from({ length: 60 }, (_, minute) => failed(minute)).toSorted((a, b) => a - b);
    assert.ok((minutes[30] ?? 0) < 45, `usual: ${minutes[30]}`);
    assert.ok((minutes.at(-1) ?? 0) > 100, `storm: ${minutes.at(-1)}`);
    const all = Array.from({ length: 500 }, (_, number) => JSON.stringify(logs.document(number, NOON, 1))).join("");
    for (const seen of ["\\n\\tat ", "Größe", "注文", "принят", "✅"]) assert.ok(all.includes(seen), seen);
  });

  it("sends some readings of a device twice, with one event.id", () => {
    const devices = KINDS.find(({ name }) => name === "devices");
    assert.ok(devices !== undefined);
    const ids = Array.from({ length: 1_000 }, (_, number) => {
      const event = member(devices.document(number, NOON, 1), "event");
      return isObject(event) ? String(member(event, "id")) : "";
    });
    assert.equal(new Set(ids).size, 990);
  });
});
