import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { entriesFor, type Findable } from "../../../src/renderer/palette/entries.ts";
import { fitOf } from "../../../src/renderer/palette/fuzzy.ts";

describe("what was typed", () => {
  test("fits a text that has its letters in order, word by word in any order", () => {
    assert.notEqual(fitOf("cmp", "Compare"), null);
    assert.notEqual(fitOf("curl copy", "Copy as curl"), null);
    assert.equal(fitOf("xq", "Compare"), null);
    assert.notEqual(fitOf("", "anything"), null);
  });

  test("fits starts of words best, then letters side by side, then shorter texts", () => {
    const fit = (typed: string, text: string) => fitOf(typed, text) ?? Number.NEGATIVE_INFINITY;
    assert.ok(fit("ca", "Copy as curl") > fit("ca", "Pinscape"));
    assert.ok(fit("sql", "Edit the SQL") > fit("sql", "searches quickly logged"));
    assert.ok(fit("status", "Status") > fit("status", "Status of it all"));
  });

  test("fits by its later letters where the first ones lead nowhere", () => {
    assert.ok((fitOf("dark", "a dull dark page") ?? 0) > 10);
  });
});

describe("the palette", () => {
  const done: string[] = [];
  const from: Findable = {
    given: [
      ["resend", () => done.push("resend")],
      ["nextRow", () => done.push("nextRow")],
      ["goCompare", () => done.push("goCompare")],
    ],
    keptFilters: ["~index logs-* & ~slower 3x"],
    indices: ["kibana_sample_data_flights", "odd name"],
    sessions: ["/home/me/slow dashboard.parallax"],
    filterBy: (filter) => done.push(filter),
    openExchange: (id) => done.push(`exchange ${id}`),
    openSession: (file) => done.push(file),
  };
  const first = (typed: string): string => {
    done.length = 0;
    entriesFor(typed, from)[0]?.run();
    return done.join();
  };

  test("lists commands first, without the moves in the list behind it", () => {
    const ids = entriesFor("", from).map(({ id }) => id);
    assert.deepEqual(ids.slice(0, 2), ["resend", "goCompare"]);
    assert.ok(!ids.includes("nextRow"));
  });

  test("finds commands, pages, kept and ready-made filters, indices and sessions", () => {
    assert.equal(first("send again"), "resend");
    assert.equal(first("compare"), "goCompare");
    assert.equal(first("slower 3x"), "~index logs-* & ~slower 3x");
    assert.equal(first("unsupported"), "~verdict unsupported");
    assert.equal(first("flights"), "~index kibana_sample_data_flights");
    assert.equal(first("odd name"), '~index "odd name"');
    assert.equal(first("dashboard.par"), "/home/me/slow dashboard.parallax");
  });

  test("takes a number for an exchange, and a filter for a filter", () => {
    assert.equal(first("#120"), "exchange 120");
    assert.equal(first("120"), "exchange 120");
    assert.equal(first("~agg terms"), "~agg terms");
  });

  test("keeps the members of a group together", () => {
    const groups = entriesFor("s", from).map(({ group }) => group);
    assert.equal(groups.filter((group, i) => group !== groups[i - 1]).length, new Set(groups).size);
  });
});
