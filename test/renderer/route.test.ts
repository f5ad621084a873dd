import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRoute, printRoute } from "../../src/renderer/route.ts";

test("an address says the page, the filter, the exchange and its tab", () => {
  const hash = printRoute({ page: "traffic", filter: "~verdict different & ~u /a+b?", id: 12, tab: "responses" });
  assert.deepEqual(parseRoute(hash), { page: "traffic", filter: "~verdict different & ~u /a+b?", id: 12, tab: "responses", name: "" });
});

test("an exchange alone has its id in the path", () => {
  assert.equal(printRoute({ page: "exchange", id: 7, tab: "raw" }), "#/exchange/7?tab=raw");
  assert.equal(parseRoute("#/exchange/7").id, 7);
});

test("an unknown address is Traffic, a wrong id is none", () => {
  assert.deepEqual(parseRoute("#/nonsense?id=x1&tab="), { page: "traffic", filter: "", id: null, tab: "", name: "" });
  assert.equal(parseRoute("").page, "traffic");
});
