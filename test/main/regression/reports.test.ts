// What counts as changed and as a regression, and how it is reported.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isChanged, isRegression, type Outcome, type Report, sentenceOf } from "../../../src/main/regression/outcome.ts";
import { asJson, asJunit, asMarkdown, asText } from "../../../src/main/regression/reports.ts";
import type { Verdict } from "../../../src/shared/exchange.ts";

function outcome(name: string, before: Verdict | null, now: Verdict, reason = ""): Outcome {
  const difference = { path: "/hits/total/value", kind: "value" as const, elasticsearch: "7", clickhouse: null };
  const differences = now === "different" ? [difference] : [];
  return { source: "a.parallax", name, before, now, reason, differences, differenceCount: differences.length, ms: 1500 };
}

const REPORT: Report = {
  outcomes: [
    outcome("#1 POST /a/_search", "equal", "equal"),
    outcome("#2 POST /a|b/_search", "equal", "different", 'a <b> & "c" \u0000'),
    outcome("#3 POST /a/_search", "different", "different"),
    outcome("#4 POST /a/_search", "unsupported", "equal"),
    outcome("#5 POST /a/_search", "not_compared", "not_compared", "mirror behind"),
    outcome("#6 POST /a/_search", "equal", "unsupported", "/query: no SQL"),
  ],
  leftOut: new Map([["not captured whole", 2]]),
};

describe("a comparison with what was kept", () => {
  test("counts a verdict as changed where it is another, and without one where it differs or fails", () => {
    const changed = REPORT.outcomes.filter(isChanged).map(({ name }) => name.slice(0, 2));
    assert.deepEqual(changed, ["#2", "#4", "#6"]);
    assert.deepEqual(
      (["equal", "unsupported", "different", "failed"] as const).map((now) => isChanged({ before: null, now })),
      [false, false, true, true],
    );
  });

  test("counts as a regression what differs or fails now, and what was better before", () => {
    assert.deepEqual(
      REPORT.outcomes.filter(isRegression).map(({ name }) => name.slice(0, 2)),
      ["#2", "#3", "#6"],
    );
    assert.ok(isRegression({ before: "equal", now: "not_compared" }), "a search that is not checked any more is no success");
    assert.ok(isRegression({ before: "different", now: "not_compared" }));
    assert.ok(!isRegression({ before: "not_compared", now: "not_compared" }));
    assert.ok(!isRegression({ before: "equal", now: "equivalent" }));
    assert.ok(!isRegression({ before: "different", now: "unsupported" }));
  });

  test("lists only changed verdicts, and sums up", () => {
    assert.equal(
      sentenceOf(REPORT),
      "6 searches were judged: 3 changed, 2 differ or fail, 1 were better before or are not compared any more. Left out: 2 not captured whole.",
    );
    const text = asText(REPORT);
    assert.match(text, /^equal → different {2}#2 POST \/a\|b\/_search {2}\(a\.parallax\)$/m);
    assert.match(text, /^ {4}\/hits\/total\/value: 7 <> nothing$/m);
    assert.doesNotMatch(text, /#1|#3|#5/);
    const json = JSON.parse(asJson(REPORT));
    assert.deepEqual([json.judged, json.changed, json.regressions, json.left_out], [6, 3, 3, { "not captured whole": 2 }]);
    assert.equal(json.searches.length, 3);
  });

  test("is JUnit's XML, whatever stands in a reason", () => {
    const xml = asJunit(REPORT);
    assert.match(xml, /<testsuite name="parallax compare" tests="6" failures="3" errors="0" skipped="1" time="9\.000">/);
    assert.match(xml, /message="equal → different: a &lt;b&gt; &amp; &quot;c&quot; \ufffd"/);
    assert.match(xml, /<skipped message="mirror behind"\/>/);
    assert.equal(xml.match(/<testcase /g)?.length, 6);
    assert.ok(!xml.includes("\u0000"));
  });

  test("is a table in Markdown whose cells stay cells", () => {
    const markdown = asMarkdown(REPORT);
    assert.match(markdown, /^\| #2 POST \/a\\\|b\/_search \| a\.parallax \| equal \| \*\*different\*\* \| /m);
    assert.equal(markdown.split("\n").filter((line) => line.startsWith("| #")).length, 3);
    assert.doesNotMatch(asMarkdown({ outcomes: [], leftOut: new Map() }), /\|/);
  });
});
