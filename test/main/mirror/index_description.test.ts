import assert from "node:assert/strict";
import { test } from "node:test";
import { readDescriptions } from "../../../src/main/mirror/index_description.ts";

function described(settings: Record<string, string>) {
  const [one] = readDescriptions({
    logs: { aliases: {}, mappings: {}, settings: { index: { uuid: "u", creation_date: "1", ...settings } } },
  });
  assert.ok(one !== undefined);
  return one;
}

test("an index says how often it shows what was written, and how large a page may be", () => {
  const refresh = (refresh_interval: string): number => described({ refresh_interval }).refreshMs;
  assert.deepEqual(
    [described({}).refreshMs, refresh("30s"), refresh("500ms"), refresh("1.5m"), refresh("nonsense")],
    [1000, 30_000, 500, 90_000, 1000],
  );
  assert.equal(refresh("-1"), Number.POSITIVE_INFINITY);
  assert.deepEqual([described({}).resultWindow, described({ max_result_window: "50000" }).resultWindow], [null, 50_000]);
});
