import assert from "node:assert/strict";
import { test } from "node:test";
import { OPTIONS } from "../../../src/main/config/option_table.ts";
import { strings } from "../../../src/renderer/strings.ts";

test("each setting has words and a group on the Settings page", () => {
  const { about, groups } = strings.settings;
  const wordless = OPTIONS.filter(({ key }) => !Object.hasOwn(about, key)).map(({ key }) => key);
  const ungrouped = OPTIONS.filter(({ key }) => !Object.hasOwn(groups, key.split(".").length > 1 ? (key.split(".")[0] ?? "") : ""));
  assert.deepEqual([wordless, ungrouped], [[], []]);
});
