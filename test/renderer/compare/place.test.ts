import assert from "node:assert/strict";
import { test } from "node:test";
import { before, closer, groupName, inside, placeOf, trafficFilter } from "../../../src/renderer/compare/place.ts";
import { parseRoute, printRoute } from "../../../src/renderer/route.ts";

const DASHBOARDS = placeOf(parseRoute("#/compare?tab=dashboard&filter=~index%20logs"));

test("three steps lead from a dashboard to its panel's shape's exchanges, and the address keeps the way", () => {
  const panels = closer(DASHBOARDS, "722b", null);
  const shapes = panels && closer(panels, "lens:lnsXY:Sales by day", null);
  assert.deepEqual(shapes, { by: "shape", filter: "~index logs", within: { dashboard: "722b", panel: "lens:lnsXY:Sales by day" } });
  assert.ok(shapes);
  assert.equal(closer(shapes, "a41f09c2", null), null);
  const filter = trafficFilter(shapes.filter, inside(shapes, "a41f09c2", null));
  assert.equal(filter, '(~index logs) & (~dashboard 722b & ~panel "lens:lnsXY:Sales by day" & ~shape a41f09c2)');
  const address = printRoute({ page: "compare", tab: "shape", name: "dashboard=722b&panel=lens%3AlnsXY%3ASales+by+day" });
  assert.deepEqual(placeOf(parseRoute(address)), { ...shapes, filter: "" });
});

test("a bucket of time narrows by its begin and end, and a crumb leads back to where it was chosen", () => {
  const time = { ...DASHBOARDS, by: "time" } as const;
  const shapes = closer(time, "1000", 500);
  assert.deepEqual(shapes?.within, { since: 1000, until: 1500 });
  const crumbs = [{ by: "time", key: "1000", title: "" } as const, { by: "shape", key: "a", title: "" } as const];
  const place = { by: "shape", filter: "", within: { since: 1000, until: 1500, shape: "a" } } as const;
  assert.deepEqual(before(place, crumbs, 1), { by: "shape", filter: "", within: { since: 1000, until: 1500 } });
  assert.deepEqual(before(place, crumbs, 0), { by: "time", filter: "", within: {} });
});

test("a group is called by its title, else by what is known of it", () => {
  assert.equal(groupName({ by: "panel", key: "lens:lnsXY:c762", title: "Sales" }), "Sales");
  assert.equal(groupName({ by: "panel", key: "lens:lnsXY:c762", title: "" }), "lnsXY c762");
  assert.equal(groupName({ by: "dashboard", key: "", title: "" }), "No dashboard");
});
