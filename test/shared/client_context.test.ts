import assert from "node:assert/strict";
import { test } from "node:test";
import { clientContext } from "../../src/shared/client_context.ts";

test("application, dashboard and panel are read from X-Opaque-Id", () => {
  const id = "9d2c4f31-0000-4000-8000-000000000000;kibana:application:";
  assert.deepEqual(clientContext(`${id}dashboards:722b;lens:lnsXY:c762`), {
    application: "dashboards",
    dashboard: "722b",
    panel: "lens:lnsXY:c762",
  });
  assert.deepEqual(clientContext(`${id}canvas:w1;dashboard:dashboards:722b;visualization:vega:x:y`), {
    application: "canvas",
    dashboard: "722b",
    panel: "visualization:vega:x:y",
  });
  assert.deepEqual(clientContext(`${id}discover:new;`), { application: "discover", dashboard: "", panel: "" });
  assert.deepEqual(clientContext("kibana:task%20manager:run%20x:1"), {
    application: "kibana",
    dashboard: "",
    panel: "task%20manager:run%20x:1",
  });
});

test("of other clients the application is the agent's name", () => {
  assert.deepEqual(clientContext("elasticsearch-js/9.4.3 (linux 6.1)"), { application: "elasticsearch-js", dashboard: "", panel: "" });
  assert.deepEqual(clientContext("notkibana:x"), { application: "notkibana:x", dashboard: "", panel: "" });
  assert.deepEqual(clientContext(""), { application: "", dashboard: "", panel: "" });
});
