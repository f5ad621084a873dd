// Runtime fields without a script on both real engines, of a request and of a mapping: each case must agree by the matcher's rules, be
// refused by both, or be unsupported at the pointer that it names.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "../../src/shared/json.ts";
import { judgeCase } from "../support/judged_case.ts";
import { connectEngines, type Loaded, load, type Outcome, runBoth, send } from "../support/two_engines.ts";

const engines = connectEngines("parity_source_fields");
const skip = engines === null ? "needs a real Elasticsearch (PARALLAX_TEST_ELASTICSEARCH) and ClickHouse" : false;
const loaded = new Map<string, Loaded>();

const MAPPINGS: JsonObject = {
  dynamic: false,
  runtime: {
    "o.word": { type: "keyword" },
    "o.count": { type: "long" },
    day: { type: "date", format: "epoch_second||strict_date_optional_time" },
  },
  properties: { seq: { type: "integer" }, kind: { type: "keyword" } },
};

// What may stand at `o.v`; ClickHouse can't tell what Java makes of the last ones.
const TOLD = [
  ...["5", '"12"', '" 12"', '"1.9"', "1.5", "-1.25", "15000000000.5", "true", "false", '"true"', '"False"', '""', "null", "[]", "{}"],
  ...[
    '{"c":1}',
    '"10.0.0.1"',
    '"010.1.1.1"',
    '"::1"',
    '"::ffff:1.2.3.4"',
    '"1.2.3"',
    '"fe80::1"',
    '"b"',
    '["b","a","b"]',
    "-5",
    '"+5"',
    '"1."',
    '".5"',
  ],
  ...["9223372036854775807", "9223372036854775808", "18446744073709551615", '"9223372036854775807"', '"9223372036854775808"', '"é😀\\n"'],
  ...['"2024-10-27T10:00:00Z"', '"2024-10-27"', '"2024-10"', '"2024-10-27T"', '"2024-10-27T10"', '"2024-10-27T10:00:00.123456+02:00"'],
  ...[
    '"2024-10-27T10:00:00,5Z"',
    '"2024-10-27T10:00:00+0200"',
    '"2024-10-27T10:00:00-02"',
    '"2024-10-27 10:00:00"',
    '"2024-2-3"',
    "2024",
    '"2024"',
    "20240",
    "1700000000000",
  ],
  ...["[3,[4,null,[5]],true]", "0.001", "0.00001", "12345678.25", "1e-7", "1.5e300", '"12345-10-27"'],
];

function documents(): readonly string[] {
  const at = TOLD.flatMap((value) => [`"o":{"v":${value}}`, `"o.v":${value}`, `"o":[{"v":${value}},7,{"v":"z"}]`]);
  const mixed = ['"o":{"x":1},"o.v":7', '"o":3', '"o":[1,{"v":2},[{"v":[3,[4]]}]]', '"o":null,"o.v":8', '"o":{"v":1},"o.v":2', '"p":1'];
  const own = [
    '"o":{"word":["b","a"],"count":"3"},"day":1700000000',
    '"o":[{"word":"c"},{"word":"a","count":[4,9]}],"day":"2024-05-06"',
    '"day":1700000000.25',
  ];
  return [...at, ...mixed, ...own].map((members, i) => `{"seq":${i},"kind":"${/\d{19}/.test(members) ? "long" : "short"}",${members}}`);
}

const ODD = [
  '"fe80::1%eth0"',
  "[[[[[1]]]]]",
  "1.0",
  "1e3",
  "-0.0",
  "12345678901234567890123",
  '"1e3"',
  '"5d"',
  '"0x1p3"',
  '"2024-02-30"',
  '"2024-10-27T24:00:00Z"',
  '"1850-01-01"',
  '"007.50"',
];

describe("runtime fields from the source on both engines", { skip }, () => {
  before(async () => {
    if (engines === null) return;
    const odd = ODD.map((value) => `{"o":{"v":${value}}}`);
    for (const shards of [1, 3])
      loaded.set(`${shards}`, await load(engines, { name: `source-fields-${shards}`, mappings: MAPPINGS, documents: documents(), shards }));
    loaded.set("odd", await load(engines, { name: "source-fields-odd", mappings: MAPPINGS, documents: odd }));
  });
  after(async () => {
    if (engines !== null) for (const { table } of loaded.values()) await send(engines, "DELETE", `/${table.index}`);
  });
  const lines = readFileSync(new URL("cases/source_fields.ndjson", import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
  for (const shards of ["1", "3"]) {
    test(`${lines.length} cases on ${shards} shard(s)`, async () => {
      const index = loaded.get(shards);
      assert.ok(index !== undefined);
      const failures: string[] = [];
      for (const line of lines)
        await judgeCase(line, index).catch((error: unknown) => failures.push(`${line}\n  ${String(error).slice(0, 900)}`));
      assert.equal(failures.length, 0, `${failures.length} of ${lines.length} differ:\n${failures.slice(0, 12).join("\n")}`);
    });
  }
  for (const type of ["keyword", "long", "double", "date", "boolean", "ip"]) {
    test(`what ClickHouse reads otherwise than a [${type}] is not compared`, async () => {
      const index = loaded.get("odd");
      assert.ok(index !== undefined);
      for (const id of ODD.keys()) {
        const request = {
          runtime_mappings: { "o.v": { type } },
          query: { bool: { filter: [{ ids: { values: [String(id)] } }] } },
          _source: false,
          aggs: { v: type === "long" || type === "double" ? { sum: { field: "o.v" } } : { terms: { field: "o.v" } } },
        };
        const { elasticsearch, answer }: Pick<Outcome, "elasticsearch" | "answer"> = await runBoth([index], request).catch(
          (error: unknown) => {
            assert.match(String(error), /UnsupportedClause/);
            return { elasticsearch: {}, answer: null };
          },
        );
        if (answer !== null) assert.deepEqual(answer.body.aggregations, elasticsearch.aggregations, `${ODD[id]} as ${type}`);
      }
    });
  }
});
