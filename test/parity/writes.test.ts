// Every kind of write through Parallax to a real Elasticsearch: afterwards ClickHouse has the very documents that Elasticsearch has, by
// _id, routing, _seq_no, _primary_term, _version and the bytes of _source, and a request forced to ClickHouse sees them.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { ElasticsearchClient } from "../../src/main/elasticsearch/client.ts";
import { isObject, type JsonValue, member, parseJson, printJson } from "../../src/shared/json.ts";
import { type ParallaxProcess, startParallax, until } from "../support/parallax_process.ts";
import { ourDocuments, theirDocuments } from "../support/reconciled_index.ts";
import { connectClickHouse } from "../support/two_engines.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const server = process.env.PARALLAX_TEST_CLICKHOUSE ?? "";
const skip =
  address === "" || server === "" ? "needs a real Elasticsearch and ClickHouse: set PARALLAX_TEST_ELASTICSEARCH and _CLICKHOUSE" : false;
const PREFIX = "writes-parity";

interface Reply {
  readonly status: number;
  readonly body: JsonValue;
}

describe("writes through Parallax", { skip, concurrency: false, timeout: 300_000 }, () => {
  const elasticsearch = new ElasticsearchClient(address || "http://localhost:1");
  const clickhouse = connectClickHouse(server || "http://localhost:1");
  let parallax: ParallaxProcess;
  let database = "";

  before(async () => {
    await forget();
    const { clusterUuid } = await elasticsearch.info();
    database = `parallax_${createHash("sha256").update(clusterUuid).digest("hex").slice(0, 8)}`;
    parallax = await startParallax(["--elasticsearch", address, "--clickhouse", server]);
  });
  after(async () => {
    await parallax?.stop();
    await forget();
    for (const name of await tables()) await clickhouse.command(`DROP TABLE \`${database}\`.\`${name}\``);
    await clickhouse.close();
    elasticsearch.close();
  });

  async function forget(): Promise<void> {
    await elasticsearch.request("DELETE", `/${PREFIX}-*?expand_wildcards=all`);
    for (const name of ["stamp", "reroute", "more"]) await elasticsearch.request("DELETE", `/_ingest/pipeline/${PREFIX}-${name}`);
    await elasticsearch.request("DELETE", `/_index_template/${PREFIX}`);
  }

  async function send(method: string, path: string, body?: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const type = path.includes("_bulk") ? "application/x-ndjson" : "application/json";
    const sent = body === undefined ? {} : { body };
    const response = await fetch(parallax.proxyUrl + path, { method, headers: { "content-type": type, ...headers }, ...sent });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : parseJson(text) };
  }

  async function must(method: string, path: string, body?: JsonValue): Promise<JsonValue> {
    const { status, body: answer } = await send(method, path, typeof body === "string" || body === undefined ? body : printJson(body));
    assert.ok(status < 300, `${method} ${path}: ${printJson(answer)}`);
    return answer;
  }

  async function tables(): Promise<readonly string[]> {
    const sql = `SELECT name FROM system.tables WHERE database = '${database}' AND (startsWith(name, '${PREFIX}-') OR startsWith(name, '.ds-${PREFIX}-')) ORDER BY name`;
    return (await clickhouse.query({ sql, params: [] })).rows.map(({ name }) => String(name));
  }

  async function sides(index: string) {
    const theirs = await theirDocuments(elasticsearch, index);
    const ours = await ourDocuments(clickhouse, database, index).catch(() => ({ documents: new Map<string, string>(), rows: 0 }));
    return { theirs: [...theirs].toSorted(), ours: [...ours.documents].toSorted() };
  }

  /** Waits until both sides have the same documents, and asks ClickHouse for their number as a client would. */
  async function assertEqual(...indices: readonly string[]): Promise<void> {
    for (const index of indices) {
      const { theirs, ours } = await until(
        () => sides(index),
        (both) => printJson(both.theirs) === printJson(both.ours),
        120_000,
      );
      assert.deepEqual(ours, theirs);
      const ask = () => send("GET", `/${index}/_count`, undefined, { "x-parallax-backend": "clickhouse" });
      const forced = await until(ask, ({ status }) => status !== 503);
      assert.equal(isObject(forced.body) ? member(forced.body, "count") : null, theirs.length, printJson(forced.body));
    }
  }

  /** Puts `count` documents there. */
  async function fill(index: string, count: number, from = 0): Promise<void> {
    const lines = Array.from({ length: count }, (_, i) => `{"index":{"_id":"d${from + i}"}}\n{ "n" : ${from + i}, "k":"k${i % 7}" }\n`);
    await must("POST", `/${index}/_bulk?refresh=true`, lines.join(""));
  }

  const sharded = (shards: number) => ({ settings: { number_of_shards: shards, number_of_replicas: 0 } });

  for (const shards of [1, 3]) {
    test(`by query, over ${shards} shards: updates, deletes, both by one script, conflicts, and slices`, async () => {
      const index = `${PREFIX}-query-${shards}`;
      await must("PUT", `/${index}`, sharded(shards));
      await fill(index, 500);
      await assertEqual(index);
      const script = (source: string) => ({ script: { source }, query: { term: { "k.keyword": "k3" } } });
      await must("POST", `/${index}/_update_by_query?refresh`, script("ctx._source.seen = true"));
      await assertEqual(index);
      await must("POST", `/${index}/_delete_by_query?refresh`, { query: { term: { "k.keyword": "k4" } } });
      await assertEqual(index);
      await must("POST", `/${index}/_update_by_query?refresh&slices=2`, {
        script: {
          source:
            "if (ctx._source.n % 3 == 0) { ctx.op = 'delete' } else if (ctx._source.n % 3 == 1) { ctx.op = 'noop' } else { ctx._source.n += 1000 }",
        },
      });
      await assertEqual(index);
      // What was written since the last refresh is found in its old version: a conflict for each, the rest goes on.
      await must("PUT", `/${index}/_settings`, { index: { refresh_interval: "-1" } });
      await fill(index, 5, 900);
      await must("PUT", `/${index}/_doc/d901`, { n: 1, k: "again" });
      await must("POST", `/${index}/_update_by_query?conflicts=proceed&refresh`, script("ctx._source.seen = false"));
      // Parallax may refresh the index between the two, to look at what was changed: then there is no conflict.
      const conflict = async () => {
        await must("PUT", `/${index}/_doc/d902?refresh`, { n: 1, k: "new" });
        await must("PUT", `/${index}/_doc/d902`, { n: 2, k: "again" });
        return await send("POST", `/${index}/_delete_by_query`, '{"query":{"match_all":{}}}');
      };
      const stopped = await until(conflict, ({ status }) => status === 409);
      assert.equal(stopped.status, 409, printJson(stopped.body));
      await assertEqual(index);
    });
  }

  test("by tasks that go on after their answer", async () => {
    const index = `${PREFIX}-task`;
    await must("PUT", `/${index}`, sharded(2));
    await fill(index, 400);
    const slow = "wait_for_completion=false&requests_per_second=200&refresh";
    for (const [path, body] of [
      [`/${index}/_update_by_query?${slow}&scroll_size=100`, { script: { source: "ctx._source.late = ctx._source.n" } }],
      [`/_reindex?${slow}`, { source: { index, size: 100 }, dest: { index: `${index}-copy` } }],
      [`/${index}/_delete_by_query?${slow}&scroll_size=100`, { query: { range: { n: { lt: 350 } } } }],
    ] as const) {
      const started = await must("POST", path, body);
      const task = isObject(started) ? String(member(started, "task")) : "";
      await elasticsearch.json("GET", `/_tasks/${task}?wait_for_completion=true&timeout=30s`);
      await assertEqual(index);
    }
    await assertEqual(`${index}-copy`);
  });

  test("by reindexing: into a new index, onto another, by create, by external versions, through a pipeline and a script", async () => {
    const [from, to] = [`${PREFIX}-from`, `${PREFIX}-to`];
    await must("PUT", `/_ingest/pipeline/${PREFIX}-stamp`, { processors: [{ set: { field: "stamped", value: "{{_ingest.pipeline}}" } }] });
    await must("PUT", `/${from}`, sharded(3));
    await fill(from, 300);
    await must("PUT", `/${from}/_doc/d7`, { n: 7, k: "again" });
    await must("POST", `/${from}/_refresh`);
    await must("POST", "/_reindex?refresh", { source: { index: from }, dest: { index: to } });
    await assertEqual(from, to);
    await fill(from, 20, 290);
    await must("POST", "/_reindex?refresh", { conflicts: "proceed", source: { index: from }, dest: { index: to, op_type: "create" } });
    await assertEqual(to);
    await must("POST", "/_reindex?refresh", {
      conflicts: "proceed",
      source: { index: from },
      dest: { index: to, version_type: "external" },
    });
    await assertEqual(to);
    const piped = {
      source: { index: from, query: { range: { n: { lt: 50 } } } },
      dest: { index: to, pipeline: `${PREFIX}-stamp`, routing: "=r1" },
    };
    await must("POST", "/_reindex?refresh", piped);
    await assertEqual(to);
    // Twice: the second makes indices that nobody knew when the first was looked at.
    for (const moved of [`${PREFIX}-moved-`, `${PREFIX}-moved-again-`]) {
      const script = { source: "ctx._index = params.to + (ctx._source.n % 2); ctx._source.moved = true", params: { to: moved } };
      await must("POST", "/_reindex?refresh", { source: { index: from }, dest: { index: to }, script });
      await assertEqual(to, `${moved}0`, `${moved}1`);
    }
  });

  test("by update: part of a document, upserts, scripts, no change", async () => {
    const index = `${PREFIX}-update`;
    await must("PUT", `/${index}`, sharded(3));
    const update = (id: string, body: JsonValue, query = "") => must("POST", `/${index}/_update/${id}${query}`, body);
    await update("a", { doc: { n: 1 }, doc_as_upsert: true });
    await update("a", { doc: { deep: { er: [1, 2] } } });
    await update("a", { doc: { n: 1 } });
    await update("a", { doc: { n: 1 }, detect_noop: false });
    await update("b", { script: { source: "ctx._source.n = 5" }, upsert: { n: 1 } });
    await update("b", { script: { source: "ctx._source.n += 5" }, upsert: { n: 1 } });
    await update("c", { scripted_upsert: true, script: { source: "ctx._source.made = ctx.op" }, upsert: {} }, "?routing=r2");
    await update("d", { doc: { n: 9 }, doc_as_upsert: true }, "?_source=true&refresh=wait_for");
    await update("d", { script: { source: "ctx.op = 'delete'" } });
    await update("b", { script: { source: "ctx.op = 'none'" } });
    const lines = [
      '{"update":{"_id":"a","retry_on_conflict":3}}',
      '{"doc":{"z":1}}',
      '{"update":{"_id":"gone"}}',
      '{"doc":{"z":1}}',
      '{"update":{"_id":"e"}}',
      '{"script":{"source":"ctx._source.x=1"},"upsert":{"y":1}}',
    ];
    await must("POST", `/${index}/_bulk`, `${lines.join("\n")}\n`);
    await assertEqual(index);
  });

  test("under conditions: external versions, sequence numbers, create, require_alias, refused ones among them", async () => {
    const index = `${PREFIX}-conditions`;
    await must("PUT", `/${index}`, {
      ...sharded(2),
      aliases: { [`${index}-alias`]: { is_write_index: true } },
      mappings: { properties: { n: { type: "integer" } } },
    });
    await must("PUT", `/${index}/_doc/v?version=9007199254740993&version_type=external`, { n: 1 });
    await must("PUT", `/${index}/_doc/v?version=9007199254740993&version_type=external_gte`, { n: 2 });
    assert.equal((await send("PUT", `/${index}/_doc/v?version=5&version_type=external`, '{"n":3}')).status, 409);
    await must("PUT", `/${index}/_create/c`, { n: 1 });
    assert.equal((await send("POST", `/${index}/_create/c`, '{"n":2}')).status, 409);
    const put = await must("PUT", `/${index}/_doc/s`, { n: 1 });
    const [seqNo, term] = isObject(put) ? [member(put, "_seq_no"), member(put, "_primary_term")] : [];
    await must("PUT", `/${index}/_doc/s?if_seq_no=${seqNo}&if_primary_term=${term}`, { n: 2 });
    assert.equal((await send("DELETE", `/${index}/_doc/s?if_seq_no=${seqNo}&if_primary_term=${term}`)).status, 409);
    assert.equal((await send("PUT", `/${index}/_doc/x?require_alias=true`, '{"n":1}')).status, 404);
    await must("PUT", `/${index}-alias/_doc/x?require_alias=true`, { n: 1 });
    assert.equal((await send("PUT", `/${index}/_doc/bad`, '{"n":"no number"}')).status, 400);
    const lines = [
      '{"index":{"_id":"b1","version":7,"version_type":"external"}}',
      '{"n":1}',
      '{"create":{"_id":"c"}}',
      '{"n":1}',
      '{"index":{"_id":"b2","if_seq_no":1,"if_primary_term":1}}',
      '{"n":1}',
      '{"index":{"_id":"b3"}}',
      '{"n":"bad"}',
      '{"delete":{"_id":"gone"}}',
      '{"index":{"_id":"b4","dynamic_templates":{"w":"words"}}}',
      '{"n":4,"w":"some words"}',
    ];
    await must("PUT", `/${index}/_mapping`, { dynamic_templates: [{ words: { mapping: { type: "text", analyzer: "whitespace" } } }] });
    await must("POST", `/${index}-alias/_bulk?require_alias=true`, `${lines.join("\n")}\n`);
    await must("DELETE", `/${index}/_doc/x`);
    await must("POST", `/${index}/_doc?op_type=create`, { n: 6 });
    await assertEqual(index);
  });

  test("through pipelines: the request's, the line's, the index's, the last one, and one that sends documents elsewhere", async () => {
    const [index, other] = [`${PREFIX}-piped`, `${PREFIX}-landed`];
    await must("PUT", `/_ingest/pipeline/${PREFIX}-stamp`, { processors: [{ set: { field: "stamped", value: "yes" } }] });
    const sending = { set: { field: "_index", value: other, if: "ctx.go == true" } };
    await must("PUT", `/_ingest/pipeline/${PREFIX}-reroute`, {
      processors: [{ set: { field: "via", value: "reroute" } }, sending, { drop: { if: "ctx.drop == true" } }],
    });
    await must("PUT", `/${index}`, sharded(2));
    await must("PUT", `/${index}/_doc/1?pipeline=${PREFIX}-stamp`, { n: 1 });
    await must(
      "POST",
      `/${index}/_bulk?pipeline=${PREFIX}-stamp`,
      `{"index":{"_id":"2"}}\n{"n":2}\n{"index":{"_id":"3","pipeline":"_none"}}\n{"n":3}\n{"update":{"_id":"4"}}\n{"doc":{"n":4},"doc_as_upsert":true}\n`,
    );
    await must("PUT", `/${index}/_settings`, { index: { default_pipeline: `${PREFIX}-reroute` } });
    await must("PUT", `/${index}/_doc/5`, { n: 5 });
    await must("PUT", `/${index}/_doc/6`, { n: 6, go: true });
    await must("PUT", `/${index}/_doc/7`, { n: 7, drop: true });
    await must(
      "POST",
      "/_bulk",
      `{"index":{"_id":"8","_index":"${index}"}}\n{"n":8,"go":true}\n{"create":{"_id":"9","_index":"${index}"}}\n{"n":9}\n`,
    );
    await must("PUT", `/${index}/_settings`, { index: { default_pipeline: null, final_pipeline: `${PREFIX}-stamp` } });
    await must("PUT", `/${index}/_doc/10`, { n: 10 });
    await must("POST", `/${index}/_update_by_query?refresh&pipeline=${PREFIX}-reroute`, { query: { match_all: {} } });
    await assertEqual(index, other);
  });

  test("through aliases that route, that point on, and that are swapped", async () => {
    const [first, second] = [`${PREFIX}-swap-1`, `${PREFIX}-swap-2`];
    const alias = `${PREFIX}-now`;
    await must("PUT", `/${first}`, { ...sharded(3), aliases: { [alias]: { index_routing: "r7" } } });
    await must("PUT", `/${second}`, sharded(3));
    await must("PUT", `/${alias}/_doc/1`, { n: 1 });
    await must("POST", `/${alias}/_bulk?routing=r7`, '{"index":{"_id":"2"}}\n{"n":2}\n');
    await must("POST", `/${second}/_bulk?routing=r3`, '{"index":{"_id":"2"}}\n{"n":2}\n{"index":{"_id":"3","routing":"r4"}}\n{"n":3}\n');
    await must("POST", "/_aliases", { actions: [{ remove: { index: first, alias } }, { add: { index: second, alias, routing: "r9" } }] });
    await must("PUT", `/${alias}/_doc/1`, { n: 10 });
    await must("DELETE", `/${alias}/_doc/1`);
    await must("PUT", `/${alias}/_doc/4`, { n: 4 });
    await assertEqual(first, second);
  });

  test("past a rollover", async () => {
    const alias = `${PREFIX}-roll`;
    await must("PUT", `/${alias}-000001`, { ...sharded(2), aliases: { [alias]: { is_write_index: true } } });
    await fill(alias, 50);
    await must("POST", `/${alias}/_rollover`, { mappings: { properties: { k: { type: "keyword" } } } });
    await fill(alias, 50);
    await must("POST", `/${alias}/_rollover?dry_run`);
    await fill(alias, 10, 100);
    await assertEqual(`${alias}-000001`, `${alias}-000002`);
  });

  test("to an index that was deleted and made anew at once, with another mapping", async () => {
    const index = `${PREFIX}-anew`;
    for (const type of ["keyword", "long", "text", "date"]) {
      await must("PUT", `/${index}`, { ...sharded(2), mappings: { properties: { n: { type } } } });
      await fill(index, 40);
      await must("DELETE", type === "long" ? `/${PREFIX}-ane*` : `/${index}`);
    }
    await must("PUT", `/${index}`, { ...sharded(1), mappings: { properties: { n: { type: "double" } } } });
    await fill(index, 10);
    await assertEqual(index);
  });

  test("to an index that was closed, given an analyzer, and opened", async () => {
    const index = `${PREFIX}-closed`;
    await must("PUT", `/${index}`, sharded(2));
    await fill(index, 40);
    await must("POST", `/${index}/_close`);
    assert.ok((await send("PUT", `/${index}/_doc/no`, "{}")).status >= 400);
    await must("PUT", `/${index}/_settings`, { analysis: { analyzer: { own: { tokenizer: "whitespace", filter: ["uppercase"] } } } });
    await must("POST", `/${index}/_open`);
    await must("PUT", `/${index}/_mapping`, { properties: { loud: { type: "text", analyzer: "own" } } });
    await fill(index, 10, 100);
    await must("PUT", `/${index}/_doc/loud?refresh=true`, { loud: "so Loud" });
    await assertEqual(index);
    const body = printJson({ query: { term: { loud: "LOUD" } } });
    const answers = await Promise.all(
      ["elasticsearch", "clickhouse"].map((side) => send("POST", `/${index}/_count`, body, { "x-parallax-backend": side })),
    );
    assert.deepEqual(
      answers.map(({ body: own }) => (isObject(own) ? member(own, "count") : null)),
      [1, 1],
    );
  });

  test("that remove indices: by name, wildcard, list, date math and alias action, and drop their tables with them", async () => {
    const names = ["a1", "a2", "b1", "b2", "c"].map((name) => `${PREFIX}-gone-${name}`);
    for (const name of names) await fill(name, 3);
    await must("PUT", `/%3C${PREFIX}-gone-%7Bnow%2Fd%7D%3E/_doc/1`, { n: 1 });
    await assertEqual(...names);
    const own = async () => (await tables()).filter((name) => name.includes("-gone-"));
    assert.equal((await own()).length, 6);
    await must("DELETE", `/${PREFIX}-gone-a*`);
    await must("DELETE", `/${names[2]},${names[3]}`);
    await must("POST", "/_aliases", { actions: [{ remove_index: { index: names[4] ?? "" } }] });
    await must("DELETE", `/%3C${PREFIX}-gone-%7Bnow%2Fd%7D%3E`);
    assert.deepEqual(await until(own, (left) => left.length === 0), []);
  });

  test("that make indices with documents behind Parallax are counted, and reconciled after", async () => {
    const index = `${PREFIX}-whole`;
    await must("PUT", `/${index}`, sharded(2));
    await fill(index, 60);
    await must("PUT", `/${index}/_settings`, { index: { blocks: { write: true } } });
    await must("PUT", `/${index}/_clone/${index}-clone`);
    await must("GET", `/_cluster/health/${index}-clone?wait_for_status=yellow`);
    const refused = await send("GET", `/${index}-clone/_count`, undefined, { "x-parallax-backend": "clickhouse" });
    assert.ok(refused.status === 503, printJson(refused.body));
    const listed = await parallax.ask<{ readonly exchanges: readonly { readonly path: string; readonly note: string }[] }>(
      "/api/exchanges?limit=50",
    );
    const note = listed.exchanges.find(({ path }) => path.includes("_clone"))?.note ?? "";
    assert.match(note, /1 not mirrored: the index that it makes/);
  });
});
