import assert from "node:assert/strict";
import { test } from "node:test";
import { BadOption } from "../../../src/main/config/json_file.ts";
import { checkedVerdictRules, verdictRulesOf } from "../../../src/main/config/verdict_rules.ts";
import { parseJson } from "../../../src/shared/json.ts";
import { VERDICT_RULES, VERDICT_RULES_KEY } from "../../../src/shared/verdict_rules.ts";

const problemOf = (json: string): string => {
  try {
    checkedVerdictRules(parseJson(json), `${VERDICT_RULES_KEY} in parallax.config.json`);
    return "";
  } catch (error) {
    assert.ok(error instanceof BadOption);
    return error.message;
  }
};

test("entries of every scope are taken as they are", () => {
  const value = parseJson(`[
    {"rule":"tied_hits","on":false,"reason":"the client pages through them"},
    {"rule":"float_sum","on":true,"index":"logs-*,-logs-old","path":"/aggregations/*/value","shape":"0123456789","reason":"a"},
    {"rule":"envelope","on":false,"path":"/timed_out","reason":"b"},
    {"rule":"ignored","path":"/hits/hits/*/_source/at","reason":"c"},
    {"rule":"ignored","field":"event.ingested","reason":"d"}
  ]`);
  assert.equal(checkedVerdictRules(value, VERDICT_RULES_KEY), value);
  assert.deepEqual(verdictRulesOf(value)[1], {
    rule: "float_sum",
    on: true,
    index: "logs-*,-logs-old",
    shape: "0123456789",
    path: "/aggregations/*/value",
    reason: "a",
  });
  assert.deepEqual(verdictRulesOf(undefined), []);
});

const WRONG: readonly (readonly [entries: string, message: RegExp])[] = [
  ["{}", /^verdicts\.rules in parallax\.config\.json must be a list/],
  ["[1]", /^verdicts\.rules\[0\] in parallax\.config\.json must be an object/],
  ['[{"rule":"score","on":false,"reason":"x"},{"rules":"score"}]', /^verdicts\.rules\[1\] .*no key "rules"; did you mean "rule"\?$/],
  ['[{"on":false,"reason":"x"}]', /needs a "rule"/],
  ['[{"rule":"tied_hit","on":false,"reason":"x"}]', /the rule "tied_hit", which there is not; did you mean "tied_hits"\?/],
  ['[{"rule":"score","on":false}]', /needs a "reason"/],
  ['[{"rule":"score","on":false,"reason":" "}]', /needs a "reason"/],
  ['[{"rule":"score","reason":"x"}]', /needs "on": true or false/],
  ['[{"rule":"score","on":"no","reason":"x"}]', /needs "on": true or false/],
  ['[{"rule":"score","on":false,"field":"a","reason":"x"}]', /"field", which only "ignored" has/],
  ['[{"rule":"error_text","on":false,"reason":"x"}]', /"error_text" can't be switched/],
  ['[{"rule":"envelope","on":false,"reason":"x"}]', /needs a "path": "envelope" explains something in every answer/],
  ['[{"rule":"ignored","reason":"x"}]', /needs either a "path" or a "field"/],
  ['[{"rule":"ignored","path":"/a","field":"a","reason":"x"}]', /needs either a "path" or a "field"/],
  ['[{"rule":"ignored","field":"","reason":"x"}]', /"field" of .* is empty/],
  ['[{"rule":"ignored","path":"/a","on":true,"reason":"x"}]', /has "on", which "ignored" has not/],
  ['[{"rule":"ignored","path":"a","reason":"x"}]', /The path "a" of verdicts\.rules\[0\] .* does not begin with "\/"/],
  ['[{"rule":"ignored","path":"/a","shape":"xyz","reason":"x"}]', /The shape "xyz" .* fingerprint/],
  ['[{"rule":"ignored","path":"/a","index":"a b","reason":"x"}]', /The index "a b" .* no index name has/],
  ['[{"rule":"ignored","path":7,"reason":"x"}]', /The "path" of .* must be a string/],
];

test("what is wrong with an entry is told, and where it stands", () => {
  for (const [entries, message] of WRONG) assert.match(problemOf(entries), message, entries);
});

test("every rule can be switched somewhere, but for those that say they can't", () => {
  for (const { name, switchable } of VERDICT_RULES) {
    const problem = problemOf(`[{"rule":"${name}","on":false,"path":"/a","reason":"x"}]`);
    assert.equal(problem === "", switchable !== "no", name);
  }
});
