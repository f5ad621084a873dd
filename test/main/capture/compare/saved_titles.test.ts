import assert from "node:assert/strict";
import { test } from "node:test";
import { panelId, SavedTitles } from "../../../../src/main/capture/compare/saved_titles.ts";
import type { JsonObject } from "../../../../src/shared/json.ts";

const DASHBOARD: JsonObject = {
  _id: "dashboard:d1",
  _source: {
    type: "dashboard",
    dashboard: {
      title: "Revenue",
      panelsJSON: JSON.stringify([
        { panelIndex: "p1", panelRefName: "panel_p1", embeddableConfig: {} },
        { panelIndex: "p2", embeddableConfig: { attributes: { title: "By region" } } },
        { panelIndex: "p3", title: "Own title", panelRefName: "panel_p3" },
      ]),
    },
    references: [
      { name: "p1:panel_p1", type: "lens", id: "l1" },
      { name: "panel_p3", type: "lens", id: "l1" },
    ],
  },
};
const LENS: JsonObject = { _id: "lens:l1", _source: { type: "lens", lens: { title: "Sales" } } };

test("titles are those of saved objects, and of the places that dashboards give them", () => {
  const titles = new SavedTitles();
  titles.learn({ hits: { hits: [DASHBOARD] } });
  titles.learn({ docs: [LENS] });
  assert.deepEqual(["d1", "l1", "p1", "p2", "p3", "p4"].map((id) => titles.of(id)), ["Revenue", "Sales", "Sales", "By region", "Own title", ""]); // biome-ignore format: a line
});

test("whatever else an answer has is left alone", () => {
  const titles = new SavedTitles();
  titles.learn({
    hits: { hits: [null, { _id: 7 }, { _id: "dashboard:x", _source: { dashboard: { title: 1, panelsJSON: "[{" } } }] },
    docs: "no",
  });
  titles.learn({ responses: [{ hits: { hits: [LENS] } }] });
  assert.deepEqual([titles.of("x"), titles.of("l1")], ["", "Sales"]);
});

test("a panel's id is what follows its type and name", () => {
  assert.equal(panelId("lens:lnsXY:a%20b:c"), "a b:c");
  assert.equal(panelId("lens:lnsXY:%E0%A4%A"), "%E0%A4%A");
});
