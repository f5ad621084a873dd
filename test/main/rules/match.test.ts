// Filters on exchanges that are on their way: what they tell, what they can't yet, and what of them a head tells.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HeadFacts, parseRequestHead } from "../../../src/main/proxy/head.ts";
import { compileSieve, type Told } from "../../../src/main/proxy/sieve.ts";
import { compileMatch } from "../../../src/main/rules/match.ts";
import { BadRule, readBreakpoint, readRule } from "../../../src/main/rules/read_rule.ts";
import { ExchangeView } from "../../../src/main/rules/view.ts";

const BODY = Buffer.from('{"size":0,"aggs":{"a":{"terms":{"field":"host"}}}}');
const REQUEST = {
  method: "POST",
  target: "/logs-1/_search?q=1",
  headers: [
    ["Host", "localhost:9280"],
    ["Content-Type", "application/json"],
    ["User-Agent", "curl/8"],
  ],
  body: BODY,
} as const;
const RESPONSE = { status: 404, reason: "", headers: [["content-type", "application/json"]], body: Buffer.from('{"error":1}') } as const;

function match(text: string) {
  const result = compileMatch(text);
  if (!result.ok) throw new Error(result.error.message);
  return result.match;
}

describe("what a filter tells of a request, and of the whole exchange", () => {
  const CASES: readonly (readonly [filter: string, before: Told, after: Told])[] = [
    ["", true, true],
    ["_search", true, true],
    ["~m post & ~u ^http://localhost:9280/logs", true, true],
    ["~m get", false, false],
    ["~kind search ~index logs-*", true, true],
    ["~index carts", false, false],
    ["~agg terms", true, true],
    ["~agg avg", false, false],
    ["~bq host & ~hq 'user-agent: curl'", true, true],
    ["~client curl", true, true],
    ["~c 404", null, true],
    ["!~c 4xx", null, false],
    ["~c 404 | ~m post", true, true],
    ["~c 404 & ~m get", false, false],
    ["~bs error", null, true],
    ["~t json", true, true],
    ["~b error", null, true],
    ["~q", true, false],
    ["~s", null, true],
  ];
  for (const [filter, before, after] of CASES) {
    test(filter === "" ? "a blank one" : filter, () => {
      const compiled = match(filter);
      assert.equal(compiled.told(new ExchangeView(REQUEST)), before);
      assert.equal(compiled.told(new ExchangeView(REQUEST, RESPONSE)), after);
    });
  }
});

test("what a head rules out is not looked at, what it can't tell is", () => {
  const bytes = Buffer.from("POST /logs-1/_search HTTP/1.1\r\nHost: localhost:9280\r\n\r\n", "latin1");
  const facts = new HeadFacts();
  assert.equal(parseRequestHead(bytes, 0, facts), bytes.length);
  const wanted = (text: string): boolean => compileSieve(match(text).sieve)(bytes, facts);
  for (const text of ["", "_search", "~m post ~d localhost", "~bq x", "!~bq x", "~u nowhere | ~kind search", "!~u nowhere"])
    assert.ok(wanted(text), text);
  for (const text of ["_bulk", "~m get", "~bq x & _bulk", "!_search", "!(_search | ~bq x)"]) assert.ok(!wanted(text), text);
});

test("a filter that can't be told on the way is refused with its place", () => {
  const result = compileMatch("_search & ~verdict different");
  assert.ok(!result.ok);
  assert.equal(result.error.position, 10);
  assert.match(result.error.message, /~verdict can't be told/);
});

describe("a rule that can't be", () => {
  const CASES: readonly (readonly [rule: Parameters<typeof readRule>[0], message: RegExp])[] = [
    [{ actions: [] }, /rules\[0\]\.actions is a list of at least one/],
    [{ actions: [{ kind: "explode" }] }, /rules\[0\]\.actions\[0\]\.kind is one of set_header, /],
    [{ actions: [{ kind: "delay", ms: "500" }] }, /actions\[0\]\.ms is a whole number from 1 to 600000/],
    [{ actions: [{ kind: "delay", ms: 1, for: 2 }] }, /actions\[0\] has no member "for"/],
    [{ actions: [{ kind: "set_header", name: "Content-Length", value: "1" }] }, /written by the proxy itself/],
    [{ actions: [{ kind: "set_header", name: "a b", value: "1" }] }, /no name of a header/],
    [{ actions: [{ kind: "set_header", name: "a", value: "1\r\nb: 2" }] }, /characters that a header can't have/],
    [{ actions: [{ kind: "change_path", pattern: "(a+)+", replacement: "" }] }, /can search for ever/],
    [{ match: "~c 404", actions: [{ kind: "reset" }] }, /asks about the response/],
    [{ match: "~u (", actions: [{ kind: "reset" }] }, /rules\[0\]\.match, at position 1/],
    [{ matsch: "x", actions: [{ kind: "reset" }] }, /has no member "matsch"/],
  ];
  for (const [rule, message] of CASES) {
    test(JSON.stringify(rule), () => {
      assert.throws(
        () => readRule(rule, "rules[0]", "a"),
        (error: unknown) => error instanceof BadRule && message.test(error.message),
      );
    });
  }

  test("nor a breakpoint on the request that asks about the response", () => {
    assert.throws(() => readBreakpoint({ match: "~c 5xx", on: "both" }, "breakpoint", "a"), /only hold on the response/);
    assert.equal(readBreakpoint({ match: "~c 5xx", on: "response" }, "breakpoint", "a").on, "response");
  });
});
