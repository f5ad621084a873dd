// GROK's patterns as regular expressions of RE2: what is left out is answered by what stands beside it; what is not is no equal.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { presenceOf, readPattern, UnknownPattern } from "../../../../src/main/translate/esql/grok/captures.ts";
import { LIBRARY } from "../../../../src/main/translate/esql/grok/library.ts";
import { NoEqual } from "../../../../src/main/translate/esql/grok/regex.ts";
import { written } from "../../../../src/main/translate/esql/grok/written.ts";

const WORD_EDGE = String.raw`[^\x30\x31\x32\x33\x34\x35\x36\x37\x38\x39\x41`;

function sourceOf(pattern: string): string {
  return written(readPattern(pattern).tree).source;
}

describe("GROK's patterns", () => {
  test("take a character for a look around at the pattern's own ends", () => {
    const source = sourceOf("%{WORD:w}");
    assert.equal(source.split(WORD_EDGE).length, 3);
    assert.match(source, /\(\[0-9A-Za-z_\]\+\)/);
  });

  test("leave a look around out where what stands beside it answers it", () => {
    assert.equal(sourceOf("x %{WORD:w} y"), "(?s:.)x ([0-9A-Za-z_]+) y");
    assert.equal(sourceOf("=%{NUMBER:n};").includes("?<"), false);
  });

  test("have no equal where a look around stays open", () => {
    for (const pattern of ["%{WORD:a}%{GREEDYDATA:b}", "%{DATA:a}%{NUMBER:b}", "(?>a|ab)c", "(?=a)a", "a++", "%{JAVACLASS:c}", "\\1"])
      assert.throws(() => sourceOf(pattern), NoEqual, pattern);
  });

  test("are unknown where Elasticsearch has none of the name", () => {
    assert.throws(() => sourceOf("%{NOPE:x}"), UnknownPattern);
  });

  test("of the library can be read each by itself, but for three", () => {
    const without = Object.keys(LIBRARY).filter((name) => {
      try {
        sourceOf(`%{${name}}`);
        return false;
      } catch (error) {
        assert.ok(error instanceof NoEqual);
        return true;
      }
    });
    assert.deepEqual(without, ["PATH", "URI", "SYSLOGBASE2"]);
  });

  test("tell a capture that took nothing from one that took part with nothing", () => {
    const { tree } = readPattern('"(?:-|%{DATA:a})" (%{INT:b})? %{DATA:c}');
    assert.equal(typeof presenceOf(tree, 0), "number");
    assert.deepEqual([presenceOf(tree, 1), presenceOf(tree, 2)], ["not_empty", "always"]);
    assert.equal(presenceOf(readPattern("(%{DATA:a};)?x").tree, 0), null);
  });
});
