import assert from "node:assert/strict";
import { test } from "node:test";
import { clientName } from "../../../src/renderer/traffic/client_name.ts";

test("Kibana's opaque id names the panel first, then where it is", () => {
  assert.deepEqual(
    clientName("9d2c4f31-0000-4000-8000-000000000000;kibana:application:dashboards:722b74f0-1111;visualization:lnsXY:Sales%20by%20day"),
    {
      main: "lnsXY Sales by day",
      rest: "dashboards 722b74f0-1111",
    },
  );
});

test("an agent is its name and version", () => {
  assert.deepEqual(clientName("elasticsearch-js/9.4.3 (linux 6.1; Node.js v24)"), { main: "elasticsearch-js 9.4.3", rest: "" });
  assert.deepEqual(clientName("curl/8.5.0"), { main: "curl 8.5.0", rest: "" });
  assert.deepEqual(clientName(""), { main: "", rest: "" });
});
