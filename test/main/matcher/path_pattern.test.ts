import assert from "node:assert/strict";
import { test } from "node:test";
import { covers, pathPattern, pathPatternProblem } from "../../../src/main/matcher/path_pattern.ts";

const meant = (pattern: string, path: string): boolean => covers(pathPattern(pattern), path === "" ? [] : pathPattern(path));

test("a pattern means its place and what is inside it, and nothing beside or above", () => {
  assert.ok(meant("/hits/max_score", "/hits/max_score"));
  assert.ok(meant("/aggregations/2", "/aggregations/2/buckets/[key=7]/doc_count"));
  assert.ok(!meant("/aggregations/2", "/aggregations/20"));
  assert.ok(!meant("/aggregations/2/value", "/aggregations/2"));
});

test("* is one step and ** any number of them", () => {
  assert.ok(meant("/aggregations/*/value", "/aggregations/2/value"));
  assert.ok(!meant("/aggregations/*/value", "/aggregations/value"));
  assert.ok(!meant("/aggregations/*/value", "/aggregations/2/buckets/value"));
  for (const path of ["/value", "/a/value", "/a/b/c/value/x"]) assert.ok(meant("/**/value", path), path);
  assert.ok(!meant("/**/value", "/a/values"));
  assert.ok(meant("/a/**/b/**/c", "/a/b/x/b/y/c"));
  assert.ok(!meant("/a/**/b/**/c", "/a/b/x/b/y"));
  assert.ok(meant("/**", ""));
});

test("steps are spelled as paths of differences are", () => {
  assert.ok(meant("/hits/hits/[_id=a~1b]/_score", "/hits/hits/[_id=a~1b]/_score"));
  assert.ok(covers(pathPattern("/a~1b/c~0d"), ["a/b", "c~d"]));
});

test("a text that is no pattern is told", () => {
  assert.equal(pathPatternProblem("/hits/*/_score"), "");
  assert.match(pathPatternProblem("hits"), /does not begin with/);
  assert.match(pathPatternProblem("/hits//x"), /step of no characters/);
  assert.match(pathPatternProblem("/"), /step of no characters/);
  assert.match(pathPatternProblem(`/${"a".repeat(1000)}`), /longer than/);
});

test("many ** at a deep place take no longer than their product", () => {
  const pattern = pathPattern(`${"/**/a".repeat(200)}/z`);
  assert.ok(
    !covers(
      pattern,
      Array.from({ length: 5000 }, () => "a"),
    ),
  );
});
