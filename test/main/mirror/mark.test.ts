// A moment among writes: what had been acknowledged by then is told by numbers, however late it comes in and whatever comes after it.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { backendOf } from "../../../src/main/answer/backend.ts";
import { pinAt } from "../../../src/main/answer/pin.ts";
import { ElasticsearchClient } from "../../../src/main/elasticsearch/client.ts";
import { route } from "../../../src/main/elasticsearch/route.ts";
import { Mirror } from "../../../src/main/mirror/mirror.ts";
import { testDatabase } from "../../support/clickhouse_server.ts";
import { startFakeElasticsearch } from "../../support/fake_elasticsearch.ts";
import { connectClickHouse } from "../../support/two_engines.ts";

const { url, database } = await testDatabase("mark");
const fake = await startFakeElasticsearch();

describe("a mark", { concurrency: false }, () => {
  const clickhouse = connectClickHouse(url);
  const elasticsearch = new ElasticsearchClient(fake.url);
  let gate = Promise.resolve();
  const mirror = new Mirror({
    clickhouse: {
      query: (statement, options) => clickhouse.query(statement, options),
      define: (change) => clickhouse.define(change),
      insertRowBinary: async (...args) => {
        await gate;
        await clickhouse.insertRowBinary(...args);
      },
    },
    elasticsearch,
    database,
    log: { write: () => {}, flushed: async () => {} },
  });
  after(async () => {
    await mirror.close();
    await clickhouse.close();
    elasticsearch.close();
  });

  const write = (seqNo: number, id: string, version = 1) => {
    fake.indices.set("marked", { mappings: { properties: { k: { type: "keyword" } } }, documents: seqNo + 1, highest: seqNo });
    const result = version === 1 ? "created" : "updated";
    const answer = `{"_index":"marked","_id":"${id}","_version":${version},"result":"${result}","_seq_no":${seqNo},"_primary_term":1}`;
    const request = { method: "PUT", route: route("PUT", `/marked/_doc/${id}`), status: 200, time: Date.now() };
    return mirror.write({ ...request, body: Buffer.from('{"k":"v"}'), answer: Buffer.from(answer) });
  };
  const table = async () => {
    const found = await mirror.tables("marked");
    assert.ok(found.kind === "tables" && found.tables[0] !== undefined, JSON.stringify(found));
    return found.tables[0];
  };
  const backend = backendOf({ cluster: "", mirror, clickhouse }, 0);

  test("knows what was on its way, before its table was made and after, and nothing of what came later", async () => {
    const gates: (() => void)[] = [];
    for (const before of [0, 2]) {
      gate = new Promise((resolve) => gates.push(resolve));
      const own = write(before, `d${before}`);
      const mark = mirror.mark();
      const later = write(before + 1, `d${before + 1}`);
      gates.pop()?.();
      await Promise.all([own, later]);
      const numbers = await mirror.numbersAt(mark, "marked");
      assert.deepEqual(numbers, new Map([[0, before]]));
      assert.ok(numbers instanceof Map);
      assert.equal((await pinAt(await table(), numbers, backend))?.documents, before + 1);
    }
  });

  test("is of no use once documents of then were overwritten, or came in otherwise", async () => {
    const mark = mirror.mark();
    await write(4, "d0", 2);
    const numbers = await mirror.numbersAt(mark, "marked");
    assert.deepEqual(numbers, new Map([[0, 3]]));
    assert.ok(numbers instanceof Map);
    assert.equal(await pinAt(await table(), numbers, backend), null);
    const request = { method: "PUT", route: route("PUT", "/marked/_doc/d5"), status: 200, time: Date.now() };
    const answer = '{"_index":"marked","_id":"d5","_version":1,"result":"created","_seq_no":5,"_primary_term":1}';
    await mirror.hand({ ...request, body: Buffer.from('{"k":"v"}'), answer: Buffer.from(answer) }, { kept: true, again: true });
    assert.match(String(await mirror.numbersAt(mark, "marked")), /came in meanwhile/);
  });
});
