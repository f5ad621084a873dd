// What a search body holds beside plain queries (names of clauses, lookups, rescoring, suggestions, explanations …) on both real
// engines, on one shard and on three: each case must agree by the matcher's own rules, be refused by both, or be unsupported at the
// pointer that it names.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { match } from "../../src/main/matcher/index.ts";
import { BODY_MAPPING, bodyDocuments } from "../support/body_documents.ts";
import { judgeCase } from "../support/judged_case.ts";
import { inBothShardings, skipWithout, testCases } from "../support/sharded_cases.ts";
import { connectEngines, runBoth } from "../support/two_engines.ts";

const engines = connectEngines("parity_body");
const skip = skipWithout(engines);
const DOCUMENTS = 600;

describe("search bodies on both engines", { skip }, () => {
  const loaded = inBothShardings(engines, "body-parity", () => ({ mappings: BODY_MAPPING, documents: bodyDocuments(DOCUMENTS) }));
  for (const file of ["named", "lookups", "told", "rescore", "term_clauses", "boosts", "distances"])
    testCases(`body_${file}`, loaded, judgeCase);
  test("each index has its own boost", async () => {
    const both = [...loaded.values()];
    const body = { size: 30, _source: false, indices_boost: [{ "body-parity-3": 2 }], query: { match: { text: "fox" } } };
    const { elasticsearch, answer } = await runBoth(both, body);
    const compared = match({ endpoint: "search", request: body, elasticsearch, clickhouse: answer?.body ?? {}, tolerances: [] });
    assert.deepEqual(compared.differences, []);
  });
});
