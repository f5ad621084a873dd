import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { API_EFFECTS, type Effect } from "../../../src/main/elasticsearch/effects.ts";
import { route } from "../../../src/main/elasticsearch/route.ts";
import { WRITES } from "../../../src/main/journal/journal.ts";
import { effectOfForm, unusedPaths, WRITE_APIS_PAGE, writeApisPage } from "../../coverage/write_apis.ts";
import { elasticsearchApis } from "../../support/elasticsearch_apis.ts";

/** What Elasticsearch takes beside what the client sends. */
const OTHERS = [
  ["PUT", "/_bulk", "mirrored"],
  ["PUT", "/logs/_bulk?pipeline=p", "mirrored"],
  ["POST", "/logs/_doc/1", "mirrored"],
  ["POST", "/logs/_create/1", "mirrored"],
  ["POST", "/logs/_update/1", "mirrored"],
  ["POST", "/a,b/_update_by_query?wait_for_completion=false", "mirrored"],
  ["POST", "/_reindex?slices=auto", "mirrored"],
  ["POST", "/_reindex/node:1/_rethrottle?requests_per_second=1", "apart"],
  ["DELETE", "/logs-*", "applied"],
  ["DELETE", "/%3Clogs-%7Bnow%2Fd%7D%3E", "applied"],
  ["DELETE", "/_all", "applied"],
  ["PUT", "/logs/_alias/now", "applied"],
  ["DELETE", "/_data_stream/logs", "applied"],
  ["POST", "/logs/_rollover/logs-2?dry_run", "applied"],
  ["POST", "/logs/_shrink/less", "counted"],
  ["POST", "/_snapshot/r/s/_restore", "counted"],
  ["PUT", "/_snapshot/r/s", "apart"],
  ["POST", "/_transform/_preview", "reads"],
  ["POST", "/_unheard_of/thing", "counted"],
  ["GET", "/_unheard_of/thing", "reads"],
  ["GET", "/", "reads"],
  ["GET", "/logs/_bulk", "reads"],
] as const satisfies readonly (readonly [string, string, Effect])[];

/** Paths of older versions, of several spellings, and those that the client does not use. */
const WITHOUT_CLIENT: readonly string[] = [
  "_mappings",
  "_aliases/*",
  "_freeze",
  "_unfreeze",
  "_search/scroll/*",
  "_search/point_in_time",
  "_search/point_in_time/**",
  "_source/*",
  "_resolve/cluster/**",
  "_flush/synced",
  "_xpack/**",
  "_remote/**",
  "_upgrade",
  "_internal/**",
];

describe("what an API does", () => {
  test("is known of every API of Elasticsearch that the official client knows", async () => {
    const forms = (await elasticsearchApis()).filter(({ path }) => path !== "/");
    assert.ok(new Set(forms.map(({ api }) => api)).size >= 580, `${forms.length} forms`);
    const unclassified = forms.filter((form) => effectOfForm(form) === null);
    assert.deepEqual(
      unclassified.map(({ api, method, path }) => `${api}: ${method} ${path}`),
      [],
    );
  });

  for (const [method, target, effect] of OTHERS) {
    test(`${method} ${target} is ${effect}`, () => assert.equal(route(method, target).effect, effect));
  }

  test("is mirrored of the documents' own APIs, and of no other", async () => {
    const mirrored = (await elasticsearchApis()).filter((form) => effectOfForm(form)?.effect === "mirrored");
    const names = new Set(mirrored.map(({ api }) => api));
    assert.deepEqual([...names].toSorted(), [
      "bulk",
      "create",
      "delete",
      "delete_by_query",
      "index",
      "reindex",
      "update",
      "update_by_query",
    ]);
  });

  test("is mirrored of what the journal keeps, and of nothing else", async () => {
    const kept = new RegExp(WRITES);
    const sent = [...(await elasticsearchApis()), ...OTHERS.map(([method, path]) => ({ method, path }))];
    for (const { method, path } of sent) {
      assert.equal(kept.test(`${method} ${path}`), route(method, path).effect === "mirrored", `${method} ${path}`);
    }
  });

  test("is told of no path twice, and of none in vain but where Elasticsearch has others than its client", async () => {
    const keys = API_EFFECTS.map(({ path, methods }) => `${path} ${methods ?? ""}`);
    assert.deepEqual(
      keys.filter((key, i) => keys.indexOf(key) < i),
      [],
    );
    assert.deepEqual(await unusedPaths(), WITHOUT_CLIENT);
  });

  test("is written down: node test/coverage/write_apis.ts writes it", async () => {
    assert.equal(readFileSync(WRITE_APIS_PAGE, "utf8"), await writeApisPage());
  });
});
