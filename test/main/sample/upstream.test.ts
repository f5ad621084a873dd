import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { play } from "../../../src/main/sample/player.ts";
import type { RecordedExchange, Recording } from "../../../src/main/sample/recording.ts";
import { type RecordedUpstream, startUpstream } from "../../../src/main/sample/upstream.ts";

const CLIENT = "shop/1.0";

function exchange(
  method: string,
  target: string,
  body: string | Buffer,
  answer: string,
  rest: Partial<RecordedExchange> = {},
): RecordedExchange {
  const responseBody = Buffer.from(answer);
  return {
    at: 0,
    method,
    target,
    headers: [["User-Agent", CLIENT]],
    body: Buffer.from(body),
    status: 200,
    reason: "OK",
    responseHeaders: [
      ["X-elastic-product", "Elasticsearch"],
      ["content-length", String(responseBody.length)],
    ],
    responseBody,
    ms: 1,
    searches: 0,
    writes: "",
    facts: { indices: {}, documents: {} },
    ...rest,
  };
}

const described = {
  shop: { aliases: {}, mappings: { properties: { n: { type: "long" } } }, settings: { index: { number_of_shards: "1" } } },
};
const bulkBody = '{"index":{"_id":"a"}}\n{"n":1.10}\n{"delete":{"_id":"b"}}\n{"update":{"_id":"c"}}\n{"doc":{"n":3}}\n';
const bulkAnswer = JSON.stringify({
  errors: true,
  items: [
    { index: { _index: "shop", _id: "a", _version: 1, result: "created", _seq_no: 0, _primary_term: 1, status: 201 } },
    { delete: { _index: "shop", _id: "b", _version: 1, result: "not_found", _seq_no: 1, _primary_term: 1, status: 404 } },
    { update: { _index: "shop", _id: "c", _version: 4, result: "updated", _seq_no: 2, _primary_term: 1, status: 200 } },
  ],
});
const SEARCH = '{"query":{"match_all":{}}}';
const recording: Recording = {
  elasticsearch: "9.4.3",
  exchanges: [
    exchange("GET", "/", "", '{"version":{"number":"9.4.3"}}'),
    exchange("PUT", "/shop", "{}", '{"acknowledged":true}', { writes: "shop", facts: { indices: described, documents: {} } }),
    exchange("POST", "/shop/_search", SEARCH, '{"took":1,"hits":{"total":0}}', { searches: 1 }),
    exchange("POST", "/shop/_bulk?refresh=true", gzipSync(bulkBody), bulkAnswer, {
      writes: "shop",
      headers: [
        ["User-Agent", CLIENT],
        ["Content-Encoding", "gzip"],
      ],
      facts: { indices: {}, documents: { shop: { c: { n: 3 } } } },
    }),
    exchange("POST", "/shop/_search", SEARCH, '{"took":2,"hits":{"total":2}}', { searches: 1 }),
  ],
};

describe("the recorded upstream", () => {
  let upstream: RecordedUpstream;
  const ask = async (method: string, path: string, body?: string): Promise<{ status: number; text: string }> => {
    const answer = await fetch(upstream.url + path, { method, ...(body === undefined ? {} : { body }) });
    return { status: answer.status, text: await answer.text() };
  };
  before(async () => {
    upstream = await startUpstream(recording);
  });
  after(() => upstream.stop());

  test("knows no index before the recording made it", async () => {
    assert.equal((await ask("GET", "/shop/_mapping")).status, 404);
    assert.match((await ask("GET", "/shop/_mapping")).text, /index_not_found_exception/);
  });

  test("gives each playing of a request its own recorded answer, and the status of each", async () => {
    const progress = await play(recording, upstream.url, () => undefined).done;
    assert.deepEqual(progress, { played: 5, total: 5, failed: 0 });
  });

  test("answers questions about the state that the replay has reached", async () => {
    assert.equal((await ask("GET", "/shop/_mapping")).text, '{"shop":{"mappings":{"properties":{"n":{"type":"long"}}}}}');
    assert.match((await ask("GET", "/shop/_count")).text, /^\{"count":2,/);
    assert.match((await ask("GET", "/_resolve/index/*")).text, /"name":"shop"/);
    assert.match((await ask("GET", "/")).text, /9\.4\.3/);
  });

  test("gives a document's bytes as they were sent, and an updated one as it became", async () => {
    const { text } = await ask("POST", "/shop/_mget", '{"ids":["a","c","b"]}');
    assert.match(text, /"_id":"a","_version":1,"_seq_no":0,"_primary_term":1,"found":true,"_source":\{"n":1\.10\}/);
    assert.match(text, /"_id":"c","_version":4,"_seq_no":2,"_primary_term":1,"found":true,"_source":\{"n":3\}/);
    assert.match(text, /"_id":"b","found":false/);
  });

  test("gives whoever else asks a recorded search the latest answer", async () => {
    assert.match((await ask("POST", "/shop/_search", SEARCH)).text, /"total":2/);
  });

  test("says of anything else that it is a recording, in the shape of an error of Elasticsearch", async () => {
    const { status, text } = await ask("POST", "/shop/_search", '{"size":3}');
    assert.equal(status, 404);
    assert.match(text, /"type":"not_recorded","reason":"this is a recording of Elasticsearch 9\.4\.3/);
  });
});

describe("the player", () => {
  test("lets a write wait for what was asked before it, and the rest wait for the write", async () => {
    const upstream = await startUpstream(recording);
    const seen: number[] = [];
    await play(recording, upstream.url, ({ played }) => seen.push(played)).done;
    assert.deepEqual(seen, [1, 2, 3, 4, 5]);
    await upstream.stop();
  });

  test("stops when told to", async () => {
    const late = { ...recording, exchanges: recording.exchanges.map((one) => ({ ...one, at: 600_000 })) };
    const playing = play(late, "http://127.0.0.1:9", () => undefined);
    playing.stop();
    assert.equal((await playing.done).played, 0);
  });

  test("counts what was not answered as recorded", async () => {
    const playing = play(recording, "http://127.0.0.1:9", () => undefined);
    assert.deepEqual(await playing.done, { played: 5, total: 5, failed: 5 });
  });
});
