// What is handed out at once, and what is said of the rest.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ANSWER_CHARACTERS, firstBytes, fitted, LIST_ITEMS, pageOf } from "../../../src/main/mcp/bounds.ts";

describe("an answer's bounds", () => {
  test("leave a small answer as it is", () => {
    const value = { a: [1, "two", null], b: { c: true } };
    assert.deepEqual(fitted(value), { text: JSON.stringify(value), cut: [] });
  });

  test("hold for any answer, and say what was left out", () => {
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`field ${i}`, "x".repeat(100)]));
    const lists = Array.from({ length: 300 }, () => Array.from({ length: 300 }, (_, i) => i));
    let deep: unknown = "end";
    for (let i = 0; i < 2_000; i += 1) deep = { [`level ${i} ${"y".repeat(60)}`]: deep };
    for (const value of [wide, lists, deep, "\u0000".repeat(400_000), { sql: "é".repeat(100_000) }]) {
      const { text, cut } = fitted(value);
      assert.ok(text.length <= ANSWER_CHARACTERS, `${text.length}`);
      assert.ok(cut.length > 0);
    }
    assert.deepEqual(fitted({ sql: "s".repeat(20_000) }).cut, ["/sql: 16384 of 20000 characters"]);
  });

  test("pages go through a list without a gap, whatever the items' size", () => {
    const items = Array.from({ length: 700 }, (_, id) => ({ id, text: "t".repeat((id % 7) * 700) }));
    const seen: unknown[] = [];
    for (let offset: number | null = 0; offset !== null; ) {
      const page = pageOf(items, offset, LIST_ITEMS);
      assert.ok(page.items.length > 0 && page.items.length <= LIST_ITEMS);
      assert.ok(fitted(page).cut.length === 0);
      assert.equal(page.total, 700);
      seen.push(...page.items);
      offset = page.next;
    }
    assert.equal(seen.length, 700);
    assert.deepEqual(pageOf(items, 900, 10), { items: [], total: 700, next: null });
  });

  test("a body is cut between characters", () => {
    assert.deepEqual(firstBytes("aéé", 4), { text: "aé", bytes: 3 });
    assert.deepEqual(firstBytes("aéé", 5), { text: "aéé", bytes: 5 });
    assert.deepEqual(firstBytes("𝒳𝒳", 7), { text: "𝒳", bytes: 4 });
  });
});
