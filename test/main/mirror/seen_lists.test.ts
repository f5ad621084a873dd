import assert from "node:assert/strict";
import { test } from "node:test";
import { readDescriptions } from "../../../src/main/mirror/index_description.ts";
import { EMPTY_LISTS } from "../../../src/main/mirror/list_sizes.ts";
import { SeenLists } from "../../../src/main/mirror/seen_lists.ts";
import type { JsonObject } from "../../../src/shared/json.ts";

function mappingOf(properties: JsonObject) {
  const settings = { index: { number_of_shards: "1", uuid: "u" } };
  const [description] = readDescriptions({ logs: { aliases: {}, mappings: { properties }, settings } });
  assert.ok(description);
  return description.mapping;
}

const HOST = mappingOf({ host: { type: "keyword" } });
const HOST_AND_TAG = mappingOf({ host: { type: "keyword" }, tag: { type: "keyword" } });
const seenBy = (several: readonly string[], lacking: readonly string[] = []) => ({
  several: new Set(several),
  lacking: new Set(lacking),
  dates: new Map<string, never>(),
});

test("a column that came when there were documents is lacking in those", () => {
  const seen = new SeenLists(EMPTY_LISTS);
  seen.fill();
  seen.keep(seenBy([]), HOST, HOST_AND_TAG);
  assert.deepEqual(
    [...seen.known(HOST_AND_TAG, seenBy([])).single],
    [
      ["host", true],
      ["tag", false],
    ],
  );
});

test("a column that came before the first document has what that has", () => {
  const seen = new SeenLists(EMPTY_LISTS);
  seen.keep(seenBy([]), HOST, HOST_AND_TAG);
  assert.deepEqual(
    [...seen.known(HOST_AND_TAG, seenBy([])).single],
    [
      ["host", true],
      ["tag", true],
    ],
  );
});

test("what each layout saw stays seen, and the table's own is joined with it", () => {
  const seen = new SeenLists({ ...EMPTY_LISTS, lacking: new Set(["tag"]), dates: new Map([["time", { least: 5, greatest: 7 }]]) });
  seen.keep(seenBy(["host"]), HOST_AND_TAG, HOST_AND_TAG);
  const later = { ...seenBy([]), dates: new Map([["time", { least: 6, greatest: 9 }]]) };
  const { single, dates } = seen.known(HOST_AND_TAG, later);
  assert.deepEqual([...single], [["tag", false]]);
  assert.deepEqual([...dates], [["time", { least: 5, greatest: 9 }]]);
});
