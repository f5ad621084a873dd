import assert from "node:assert/strict";
import { test } from "node:test";
import { match } from "../../../src/main/matcher/index.ts";
import { isObject, type JsonObject, parseJson } from "../../../src/shared/json.ts";

function answer(hits: string): JsonObject {
  const parsed = parseJson(`{"hits":{"total":{"value":9,"relation":"eq"},"max_score":2.0,"hits":[${hits}]}}`);
  assert.ok(isObject(parsed));
  return parsed;
}

const hit = (id: string, score: number, title = id): string => `{"_index":"i","_id":"${id}","_score":${score},"_source":{"t":"${title}"}}`;

function verdict(elasticsearch: string, clickhouse: string, stale = true) {
  return match({
    endpoint: "search",
    request: { size: 3, query: { match: { t: "a" } } },
    elasticsearch: answer(elasticsearch),
    clickhouse: answer(clickhouse),
    tolerances: stale ? [{ pointer: "/hits", rule: "stale_statistics", low: 0, high: 0 }] : [],
  });
}

test("scores, the order by them and the end of a page are open", () => {
  const theirs = [hit("a", 2), hit("b", 1.5), hit("c", 1)].join(",");
  const ours = [hit("b", 1.9), hit("a", 1.8), hit("d", 1.2)].join(",");
  const found = verdict(theirs, ours);
  assert.equal(found.verdict, "equivalent");
  assert.deepEqual(
    found.rules.map(({ rule }) => rule),
    ["stale_statistics"],
  );
  assert.equal(verdict(theirs, ours, false).verdict, "different");
});

test("a hit that is missing, or shows something else, is a difference", () => {
  const theirs = [hit("a", 2), hit("b", 1.5)].join(",");
  assert.equal(verdict(theirs, hit("a", 2)).verdict, "different");
  assert.equal(verdict(theirs, [hit("a", 2), hit("b", 1.5, "x")].join(",")).verdict, "different");
});
