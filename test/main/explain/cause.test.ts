// The cause, from evidence.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { causeOf, type Evidence } from "../../../src/main/explain/cause.ts";
import { precisionOf } from "../../../src/main/explain/precision.ts";

const NONE = { absent: 0, "other version": 0, "not chosen": 0, "other values": 0, "not refreshed": 0 };
const PATH = "/aggregations/a/value";
const ALIKE: Evidence = {
  difference: { path: PATH, kind: "value", elasticsearch: "10", clickhouse: "7" },
  rule: null,
  again: "differs",
  tied: null,
  conflicts: [],
  elasticsearchOnly: NONE,
  clickhouseOnly: NONE,
  alike: 10,
  bounded: false,
  noDocuments: "",
  late: { documents: 0, seconds: 0 },
  lag: { documents: 0, seconds: 0 },
  mirrored: 0,
  moved: 0,
  zone: "",
  fieldType: "long",
};
const told = (evidence: Partial<Evidence>) => causeOf({ ...ALIKE, ...evidence });

describe("the cause of a difference", () => {
  test("is what the documents tell, before it is a fault of the translation", () => {
    const lacking = { ...NONE, absent: 3 };
    assert.deepEqual(
      [
        told({}),
        told({ elasticsearchOnly: lacking }),
        told({ elasticsearchOnly: lacking, lag: { documents: 5, seconds: 1.2 } }),
        told({ elasticsearchOnly: lacking, mirrored: 3 }),
        told({ elasticsearchOnly: { ...NONE, "other version": 1 } }),
        told({ clickhouseOnly: { ...NONE, absent: 2 } }),
        told({ clickhouseOnly: { ...NONE, "not refreshed": 2 } }),
        told({ elasticsearchOnly: { ...NONE, "not chosen": 2 } }),
      ].map(({ cause, sentence }) => `${cause}: ${sentence}`),
      [
        "translation: Both sides choose the same 10 documents and give different figures: a fault of the translation.",
        "missing document: 3 documents are in Elasticsearch only; never mirrored: no write of them went by in this run.",
        "late mirror: 3 documents are in Elasticsearch only: the mirror is behind by 1.2 s.",
        "missing document: 3 documents are in Elasticsearch only; all of them were mirrored in this run and are gone from the table since.",
        "missing document: ClickHouse has an older version of 1 document.",
        "surplus document: 2 documents are in ClickHouse only: Elasticsearch does not have them any more, and no delete went by.",
        "refresh pending: Elasticsearch's searches do not show the last write of 2 documents yet: it has not been refreshed since, and ClickHouse has it.",
        "translation: Both sides have the documents, but the query chooses otherwise: 2 documents by Elasticsearch only, 0 documents by ClickHouse only.",
      ],
    );
  });

  test("is a matter of columns, ties, zones and digits where those explain it", () => {
    const conflict = { field: "bytes", mapping: "text", column: "Array(Int64)" };
    assert.equal(told({ conflicts: [conflict] }).sentence, "Field `bytes` is text in the mapping and Array(Int64) in the table.");
    assert.match(told({ conflicts: [{ ...conflict, column: null }] }).sentence, /^Field `bytes` is text in the mapping and has no column/);
    assert.equal(told({ rule: "tied_hits", difference: null, tied: "42" }).cause, "tie");
    assert.equal(told({ rule: "float_sum", difference: null }).cause, "precision");
    assert.equal(told({ rule: "noise", difference: null }).cause, "noise");
    assert.match(told({ moved: 4, zone: "Europe/Berlin" }).sentence, /4 documents stand in a neighbouring bucket.*Europe\/Berlin/);
    const close = { path: PATH, kind: "value", elasticsearch: "0.30000000000000004", clickhouse: "0.3" } as const;
    assert.equal(told({ difference: close }).cause, "precision");
    assert.equal(told({ difference: close, elasticsearchOnly: { ...NONE, absent: 1 } }).cause, "missing document");
  });

  test("is over where it does not differ any more, late where a document came after", () => {
    assert.equal(told({ again: "agrees" }).cause, "changed since");
    const late = told({ again: "agrees", late: { documents: 1, seconds: 0.84 } });
    assert.equal(late.sentence, "1 document reached ClickHouse only after the search was compared: the mirror was late by 0.8 s.");
  });

  test("is unknown, and said to be, where the documents can't be told", () => {
    const { cause, sentence } = told({ noDocuments: "its keys come of a script, not of a field" });
    assert.equal(cause, "unknown");
    assert.match(sentence, /its keys come of a script/);
    assert.match(told({ bounded: true, alike: 1000 }).sentence, /^The 1000 documents that were looked at are the same/);
    assert.equal(told({ difference: null }).sentence, "Nothing differs at this path.");
  });
});

describe("a matter of precision", () => {
  const of = (elasticsearch: string, clickhouse: string, type?: string) => precisionOf({ elasticsearch, clickhouse }, type);

  test("are last places of floats and digits past 2^53, never whole numbers below", () => {
    assert.match(of("1.0000000000001", "1"), /last places/);
    assert.match(of("9007199254740993", "9007199254740992"), /past 2\^53/);
    assert.equal(of("1000000000000", "1000000000001"), "");
    assert.equal(of("1.1", "1.2"), "");
    assert.match(of("0.1", "0.10000000149011612", "float"), /last places/);
    assert.equal(of("0.1", "0.10000000149011612", "double"), "");
    assert.equal(of('"a"', "1"), "");
  });
});
