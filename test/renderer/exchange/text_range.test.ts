import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutJson } from "../../../src/renderer/exchange/translation/layout_json.ts";
import { textRange } from "../../../src/renderer/exchange/translation/text_range.ts";

test("a part of a query's text is found in the laid out request, escapes counted", () => {
  const query = 'FROM a\n| WHERE k == "x" | EVAL y = 1';
  const request = layoutJson({ query, columnar: true });
  const at = query.indexOf("k ==");
  const range = textRange(`/query#${at}-${at + 8}`, request);
  assert.equal(range && request.text.slice(range.from, range.to), 'k == \\"x\\"');
  assert.equal(textRange("/query", request), undefined);
  assert.equal(textRange("/columnar#0-1", request), undefined);
});
