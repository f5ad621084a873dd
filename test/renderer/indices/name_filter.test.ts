import assert from "node:assert/strict";
import { test } from "node:test";
import { isNamedSo } from "../../../src/renderer/indices/name_filter.ts";

test("finds indices by a part of their name, or by a pattern", () => {
  const cases: readonly (readonly [wanted: string, found: boolean])[] = [
    ["", true],
    ["  nginx ", true],
    ["NGINX", true],
    ["apache", false],
    ["logs-*", true],
    ["*-default", true],
    ["logs-*access*", true],
    ["logs-*-*-default", false],
    ["nginx*", false],
    ["logs-nginx.access-default*default", false],
    ["*", true],
  ];
  for (const [wanted, found] of cases) assert.equal(isNamedSo("logs-nginx.access-default", wanted), found, wanted);
});
