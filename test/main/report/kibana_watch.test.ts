import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PLAYER } from "../../../src/main/pipes/generators/user/requests.ts";
import { signOf } from "../../../src/main/report/kibana_sign.ts";
import { KibanaWatch } from "../../../src/main/report/kibana_watch.ts";
import type { HeaderPairs } from "../../../src/shared/exchange.ts";
import { KIBANA_SIGNS, type KibanaSign } from "../../../src/shared/kibana.ts";

const KIBANA: HeaderPairs = [
  ["User-Agent", "Kibana/9.4.3"],
  ["x-elastic-product-origin", "kibana"],
];
const NOTHING = { version: "1.1", body: new Uint8Array(), bodyBytes: 0, truncated: false };

function asked(watch: KibanaWatch, target: string, { headers = KIBANA, status = 200 as number | null, time = 1_000 } = {}): void {
  watch.exchanged({
    id: 1,
    time,
    request: { ...NOTHING, method: "GET", target, headers },
    response: status === null ? null : { ...NOTHING, status, reason: "", headers: [] },
    phases: {},
    error: "",
  });
}

function countOf(watch: KibanaWatch, sign: KibanaSign) {
  return watch.seen.signs.find((each) => each.sign === sign);
}

const SIGNS: readonly (readonly [KibanaSign, string, string?])[] = [
  ["product", "/"],
  ["nodes", "/_nodes?filter_path=nodes.*.version"],
  ["nodes", "/_cluster/settings?include_defaults=true"],
  ["saved_objects", "/.kibana_9.4.3/_doc/config%3A9.4.3"],
  ["saved_objects", "/.kibana_analytics/_search", "dashboards:list"],
  ["task_manager", "/.kibana_task_manager/_search?ignore_unavailable=true", "kibana"],
  ["task_manager", "/.kibana_task_manager_9.4.3_001/_bulk"],
  ["privileges", "/_security/user/_has_privileges"],
  ["privileges", "/_security/_authenticate"],
  ["license", "/_xpack?accept_enterprise=true"],
  ["license", "/_license"],
  ["data_views", "/logs-*/_field_caps?fields=*", "discover:new"],
  ["discover", "/logs-*/_async_search", "discover:new"],
  ["dashboards", "/logs-*/_async_search", "dashboards:722b;lens:lnsXY:c762"],
  ["lens", "/logs-*/_async_search", "lens:edit"],
  ["maps", "/logs-*/_search", "maps:new"],
  ["console", "/logs-*/_search", "dev_tools:console"],
  ["writes", "/reports/_bulk"],
  ["other", "/_ilm/policy/a"],
];

describe("what is seen from Kibana", () => {
  for (const [sign, target, context] of SIGNS) {
    test(`${sign}: ${target}${context === undefined ? "" : ` of ${context}`}`, () => {
      const headers: HeaderPairs = context === undefined ? KIBANA : [...KIBANA, ["x-opaque-id", `1;kibana:application:${context}`]];
      assert.equal(signOf("POST", target, headers), sign);
    });
  }

  test("is counted with its first and last time, an example without its query, and what was refused", () => {
    const watch = new KibanaWatch();
    let told = 0;
    watch.changed = () => (told += 1);
    asked(watch, "/_nodes?filter_path=x", { time: 1_000 });
    asked(watch, "/_nodes", { time: 3_000, status: 401 });
    asked(watch, "/.kibana/_doc/none", { status: 404 });
    asked(watch, "/", { status: null });
    assert.deepEqual(countOf(watch, "nodes"), {
      sign: "nodes",
      count: 2,
      refused: 1,
      first: "1970-01-01T00:00:01.000Z",
      last: "1970-01-01T00:00:03.000Z",
      example: "GET /_nodes",
    });
    assert.equal(countOf(watch, "saved_objects")?.refused, 0);
    const { version, unauthorized, forbidden, unanswered, signs } = watch.seen;
    assert.deepEqual({ version, unauthorized, forbidden, unanswered }, { version: "9.4.3", unauthorized: 1, forbidden: 0, unanswered: 1 });
    assert.deepEqual(
      signs.map(({ sign }) => sign),
      [...KIBANA_SIGNS],
    );
    assert.equal(told, 4);
    watch.clear();
    assert.deepEqual([watch.seen.version, countOf(watch, "nodes")?.count], [null, 0]);
  });

  test("is neither another client's, nor what is played in a user's place, nor what goes elsewhere", () => {
    const watch = new KibanaWatch();
    asked(watch, "/", { headers: [["user-agent", "elasticsearch-js/9.4.3"]] });
    asked(watch, "/", { headers: [...KIBANA, ["x-opaque-id", `${PLAYER}kibana:application:discover:new`]] });
    asked(watch, "http://example.com/");
    assert.ok(watch.seen.signs.every(({ count }) => count === 0));
    asked(watch, "/", { headers: [["x-opaque-id", "1;kibana:application:discover:new"]] });
    assert.equal(countOf(watch, "product")?.count, 1);
  });
});
