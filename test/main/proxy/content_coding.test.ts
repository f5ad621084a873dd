import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { applyCoding, undoCoding, wantedCoding } from "../../../src/main/proxy/content_coding.ts";

describe("the coding of an answer", () => {
  test("is the one that Elasticsearch would choose of gzip and deflate, by name and quality", () => {
    const chosen = ["gzip", "GZIP;q=0.1, br", "deflate", "deflate, gzip;q=0.5", "x-gzip, deflate;q=0.9"].map(wantedCoding);
    assert.deepEqual(chosen, ["gzip", "gzip", "deflate", "deflate", "gzip"]);
    for (const none of ["", "identity", "br, zstd", "*", "gzip;q=0", "gzip;q=nope"]) assert.equal(wantedCoding(none), null, none);
  });

  test("can be undone", async () => {
    const bytes = Buffer.from("日本 ".repeat(1000));
    for (const coding of ["gzip", "deflate"] as const) {
      const coded = await applyCoding(coding, bytes);
      assert.ok(coded.byteLength < bytes.byteLength / 10);
      assert.deepEqual(undoCoding(coding, coded, { maxOutputLength: 1e6 }), bytes);
    }
  });
});
