import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { acknowledgedBulk, acknowledgedItems } from "../../../src/main/elasticsearch/bulk.ts";
import { usualItems } from "../../../src/main/elasticsearch/bulk_answer.ts";
import { isObject, parseJson } from "../../../src/shared/json.ts";
import { newSeed, seededRandom } from "../../support/random.ts";

const DEFAULTS = { index: "logs", routing: "r" };

/** Reads an answer in both ways; false where it is left to the parser. */
function readAlike(body: string, answer: string): boolean {
  const items = usualItems(Buffer.from(answer));
  const read = items === null ? null : acknowledgedItems(Buffer.from(body), items, DEFAULTS);
  if (read === null) return false;
  const parsed = parseJson(answer);
  assert.ok(isObject(parsed));
  assert.deepEqual(read, acknowledgedBulk(Buffer.from(body), parsed, DEFAULTS), answer);
  return true;
}

const item = (action: string, more: object = {}): string =>
  `{"${action}":${JSON.stringify({
    _index: "logs",
    _id: "a1",
    _version: 1,
    result: "created",
    _shards: { total: 2, successful: 1, failed: 0 },
    _seq_no: 7,
    _primary_term: 1,
    status: 201,
    ...more,
  })}}`;
const answerOf = (...items: readonly string[]): string => `{"errors":false,"took":30,"items":[${items.join(",")}]}`;

describe("the answer to a bulk, read from its bytes", () => {
  test("says what its parsed form says", (context) => {
    const seed = newSeed();
    context.diagnostic(`seed ${seed}`);
    const random = seededRandom(seed);
    const pick = <T>(from: readonly T[], otherwise: T): T => from[random.below(from.length)] ?? otherwise;
    const lines = [
      '{"index":{}}',
      '{"index":{}}',
      '{ "create" : {"_index":"x"} }',
      '{"index":{"_id":"é","routing":5,"pipeline":"p"}}',
      '{"delete":{"_id":"1"}}',
      '{"update":{"_id":"1"}}',
    ];
    let alike = 0;
    for (let i = 0; i < 2000; i += 1) {
      const actions = Array.from({ length: 1 + random.below(5) }, () => pick(lines, ""));
      const body = actions.map((line) => (line.includes("delete") ? `${line}\n` : `${line}\n{"v":${random.below(9)}}\n`)).join("");
      const items = actions.map((line) =>
        item(/index|create|delete|update/.exec(line)?.[0] ?? "", {
          _index: pick(["logs", "logs", "logs-2", "größe"], ""),
          _id: pick(["a1", "é日", "", "12345678901234567890"], ""),
          _version: pick([1, 2, 4_000_000_000, 999_999_999_999_999], 1),
          result: pick(["created", "updated", "deleted", "not_found", "noop"], ""),
          ...(random.below(5) === 0 ? { forced_refresh: true } : {}),
          _shards: { total: 1 + random.below(3), successful: 1, failed: 0 },
          _seq_no: pick([0, 1, 123_456_789_012], 0),
          status: pick([200, 201, 404], 200),
        }),
      );
      // `forced_refresh` stands elsewhere than Elasticsearch puts it: left to the parser.
      if (readAlike(body, answerOf(...items))) alike += 1;
    }
    assert.ok(alike > 500, `${alike} were read`);
    const refreshed = item("index").replace('"_shards"', '"forced_refresh":true,"_shards"');
    assert.ok(readAlike('{"index":{}}\n{}\n', answerOf(refreshed)));
  });

  test("is left to the parser in any other form", () => {
    const body = '{"index":{}}\n{}\n';
    assert.ok(readAlike(body, answerOf(item("index"))));
    for (const answer of [
      "",
      "{}",
      '{"errors":false}',
      answerOf(),
      answerOf(item("index"), item("index")),
      answerOf(item("index")).replace("false", "true"),
      answerOf(item("index")).replace('"_id"', ' "_id"'),
      answerOf(item("index", { status: 409 })),
      answerOf(item("index", { _id: 'a"b' })),
      answerOf(item("index", { _version: Number.MAX_SAFE_INTEGER })),
      answerOf(item("index", { _seq_no: -2 })),
      answerOf(item("index", { result: "other" })),
      answerOf(item("index", { error: { type: "x" } })),
      answerOf(item("index").replace('"_primary_term":1,', "")),
      `${answerOf(item("index"))} `,
      answerOf(item("index")).slice(0, -1),
      answerOf(item("index")).slice(0, 60),
    ])
      assert.equal(readAlike(body, answer), false, answer);
    assert.equal(readAlike('{"index":{}}\n', answerOf(item("index"))), false);
  });
});
