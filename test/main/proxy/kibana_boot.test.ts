// What Kibana asks at boot and while it lives, through the endpoint as it stands in `compare`: writes are journalled, nothing is asked of
// ClickHouse. Both sides are compared octet by octet, long polls among them.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ASKS } from "../../../src/main/answer/table.ts";
import { Journal } from "../../../src/main/journal/journal.ts";
import { type Proxy as ProxyEndpoint, startProxy } from "../../../src/main/proxy/reverse.ts";
import { KibanaWatch } from "../../../src/main/report/kibana_watch.ts";
import { type FakeUpstream, startFakeUpstream } from "../../support/fake_upstream.ts";
import { openRaw, type RawMessage } from "../../support/raw_client.ts";
import { type RecordingTap, recordingTap } from "../../support/recording_tap.ts";

interface Asked {
  readonly method: string;
  readonly target: string;
  /** "" for none. */
  readonly body?: string;
  readonly type?: string;
  readonly opaqueId?: string;
  /** Status line and body; a 304 and the answer to HEAD have none. */
  readonly answer: readonly [string, string];
  /** A long poll: its last octets are sent only once the others have come to the client. */
  readonly late?: true;
}

/** Octets of a late answer that come last. */
const REST = 5;
const OK = "200 OK";
const NONE = "404 Not Found";
const NDJSON = "application/vnd.elasticsearch+x-ndjson; compatible-with=9";
const JSON_TYPE = "application/vnd.elasticsearch+json; compatible-with=9";

const INFO = `{
  "name" : "node-1",
  "cluster_name" : "docs",
  "cluster_uuid" : "m6p0tqBUTCaUyzMrVW1R4A",
  "version" : { "number" : "9.4.3", "build_flavor" : "default", "lucene_version" : "10.4.0" },
  "tagline" : "You Know, for Search"
}
`;

const BOOT: readonly Asked[] = [
  { method: "GET", target: "/", answer: [OK, INFO] },
  {
    method: "GET",
    target: "/_nodes?filter_path=nodes.*.version%2Cnodes.*.http.publish_address%2Cnodes.*.ip&_source=false",
    answer: [OK, '{"nodes":{"n1":{"ip":"127.0.0.1","version":"9.4.3","http":{"publish_address":"127.0.0.1:9200"}}}}'],
  },
  { method: "GET", target: "/_license", answer: [OK, '{"license":{"status":"active","type":"basic","uid":"1.0"}}'] },
  { method: "GET", target: "/_xpack?accept_enterprise=true", answer: [OK, '{"features":{"security":{"available":true,"enabled":false}}}'] },
  {
    method: "GET",
    target: "/_cluster/settings?include_defaults=true&flat_settings=true&filter_path=*.script.allowed_types",
    answer: [OK, "{}"],
  },
  {
    method: "GET",
    target: "/_security/_authenticate",
    answer: ["401 Unauthorized", '{"error":{"type":"security_exception"},"status":401}'],
  },
  {
    method: "POST",
    target: "/_security/user/_has_privileges",
    body: '{"index":[],"application":[{"application":"kibana-.kibana","resources":["*"],"privileges":["version:9.4.3","login:"]}]}',
    answer: [OK, '{"username":"elastic","has_all_requested":true,"cluster":{},"index":{},"application":{}}'],
  },
  {
    method: "GET",
    target: "/_security/privilege/kibana-.kibana",
    answer: [OK, '{"kibana-.kibana":{"all":{"application":"kibana-.kibana","name":"all","actions":["login:"],"metadata":{}}}}'],
  },
  { method: "HEAD", target: "/_template/.kibana", answer: [NONE, ""] },
  { method: "GET", target: "/.kibana%2C.kibana_9.4.3?ignore_unavailable=true", answer: [OK, '{".kibana_9.4.3_001":{"aliases":{}}}'] },
  {
    method: "PUT",
    target: "/.kibana_9.4.3_001?wait_for_active_shards=all&timeout=60s",
    body: '{"mappings":{"dynamic":"strict","properties":{"type":{"type":"keyword"}}},"aliases":{".kibana":{}}}',
    answer: [OK, '{"acknowledged":true,"shards_acknowledged":true,"index":".kibana_9.4.3_001"}'],
  },
  {
    method: "GET",
    target: "/_cluster/health/.kibana_9.4.3_001?wait_for_status=yellow&timeout=60s",
    answer: [OK, '{"status":"yellow"}'],
    late: true,
  },
  {
    method: "POST",
    target: "/.kibana_9.4.3_001/_pit?keep_alive=10m&allow_partial_search_results=false",
    answer: [OK, '{"id":"46ToAwMDaWR5BXV1aWQy"}'],
  },
  {
    method: "POST",
    target: "/_search?allow_partial_search_results=false",
    body: '{"seq_no_primary_term":true,"pit":{"id":"46ToAwMDaWR5BXV1aWQy","keep_alive":"10m"},"size":1000,"query":{"bool":{"should":[{"term":{"type":"space"}}]}},"sort":{"_shard_doc":{"order":"asc"}},"track_total_hits":true}',
    answer: [OK, '{"pit_id":"46ToAwMDaWR5BXV1aWQy","took":1,"timed_out":false,"hits":{"total":{"value":0,"relation":"eq"},"hits":[]}}'],
  },
  { method: "DELETE", target: "/_pit", body: '{"id":"46ToAwMDaWR5BXV1aWQy"}', answer: [OK, '{"succeeded":true,"num_freed":1}'] },
  {
    method: "POST",
    target: "/.kibana_9.4.3_001/_update_by_query?conflicts=proceed&refresh=true&scroll_size=1000&wait_for_completion=false",
    answer: [OK, '{"task":"oTUltX4IQMOUUVeiohTt8A:12345"}'],
  },
  {
    method: "GET",
    target: "/_tasks/oTUltX4IQMOUUVeiohTt8A%3A12345?wait_for_completion=true&timeout=60s",
    answer: [OK, '{"completed":true}'],
    late: true,
  },
  {
    method: "POST",
    target: "/_aliases?timeout=60s",
    body: '{"actions":[{"remove":{"index":".kibana_9.4.3_001","alias":".kibana_9.4.2","must_exist":true}}]}',
    answer: [NONE, '{"error":{"type":"aliases_not_found_exception"},"status":404}'],
  },
  {
    method: "GET",
    target: "/.kibana_9.4.3/_doc/space%3Adefault",
    answer: [NONE, '{"_index":".kibana_9.4.3_001","_id":"space:default","found":false}'],
  },
  {
    method: "PUT",
    target: "/.kibana_9.4.3/_create/config%3A9.4.3?refresh=wait_for&require_alias=true",
    body: '{"type":"config","config":{"buildNum":85411},"coreMigrationVersion":"8.8.0"}',
    answer: [
      "201 Created",
      '{"_index":".kibana_9.4.3_001","_id":"config:9.4.3","_version":1,"result":"created","_seq_no":0,"_primary_term":1}',
    ],
  },
  {
    method: "POST",
    target: "/.kibana_task_manager/_bulk?refresh=false&_source_includes=originId&require_alias=true",
    body: '{"update":{"_id":"task:one","if_seq_no":7,"if_primary_term":1}}\n{"doc":{"task":{"status":"claiming"}}}\n',
    type: NDJSON,
    answer: [
      OK,
      '{"took":1,"errors":true,"items":[{"update":{"_id":"task:one","status":409,"error":{"type":"version_conflict_engine_exception"}}}]}',
    ],
  },
  {
    method: "POST",
    target: "/_msearch?ignore_unavailable=true",
    body: '{"index":".kibana_task_manager"}\n{"query":{"bool":{"must":[{"term":{"type":"task"}}]}},"size":20,"seq_no_primary_term":true,"track_total_hits":true}\n{"index":".kibana_task_manager"}\n{"size":0}\n',
    type: NDJSON,
    answer: [OK, '{"took":1,"responses":[{"status":200,"hits":{"hits":[]}},{"status":200,"hits":{"hits":[]}}]}'],
  },
  {
    method: "GET",
    target: "/_fleet/.fleet-actions/global_checkpoints?wait_for_advance=true&timeout=5m",
    answer: [OK, '{"global_checkpoints":[4],"timed_out":false}'],
    late: true,
  },
  {
    method: "POST",
    target: "/logs-*/_async_search?batched_reduce_size=64&wait_for_completion_timeout=200ms&keep_on_completion=true&keep_alive=60000ms",
    body: '{"size":0,"track_total_hits":true,"query":{"match_all":{}}}',
    opaqueId: "f3f1;kibana:application:discover:new",
    answer: [OK, '{"id":"FmRl","is_running":true,"response":{"took":1,"hits":{"total":{"value":0,"relation":"gte"},"hits":[]}}}'],
  },
  {
    method: "GET",
    target: "/_async_search/FmRl?wait_for_completion_timeout=200ms&keep_alive=60000ms",
    opaqueId: "f3f1;kibana:application:discover:new",
    answer: [
      OK,
      '{"id":"FmRl","is_running":false,"response":{"took":9,"hits":{"total":{"value":18446744073709551615,"relation":"eq"},"hits":[]}}}',
    ],
    late: true,
  },
  { method: "DELETE", target: "/_async_search/FmRl", answer: [OK, '{"acknowledged":true}'] },
  { method: "GET", target: "/_resolve/index/*%2C-.*?expand_wildcards=open", answer: [OK, '{"indices":[],"aliases":[],"data_streams":[]}'] },
  {
    method: "POST",
    target: "/logs-*/_field_caps?fields=*&ignore_unavailable=true&allow_no_indices=false",
    answer: [OK, '{"indices":[],"fields":{}}'],
  },
];

describe("what Kibana asks at boot, in compare", () => {
  let upstream: FakeUpstream;
  let proxy: ProxyEndpoint;
  let tap: RecordingTap;
  let journal: Journal;
  const folder = mkdtempSync(join(tmpdir(), "parallax-kibana-"));
  /** Second parts of late answers, by their targets. */
  const held = new Map<string, () => void>();

  before(async () => {
    tap = recordingTap();
    upstream = await startFakeUpstream((request, socket) => {
      const asked = BOOT.find(({ method, target }) => request.start === `${method} ${target} HTTP/1.1`);
      if (asked === undefined) throw new Error(`nobody asks ${request.start}`);
      const wire = answerOf(asked);
      if (asked.late !== true) return [wire];
      socket.write(wire.subarray(0, wire.length - REST));
      held.set(asked.target, () => void socket.write(wire.subarray(wire.length - REST)));
      return undefined;
    });
    journal = (await Journal.start(join(folder, "journal.sqlite"))).journal;
    proxy = await startProxy({
      upstream: upstream.url,
      port: 0,
      tap,
      answering: null,
      journal,
      journalling: true,
      answerer: { asks: ASKS, profiles: true, answer: () => assert.fail("ClickHouse was asked") },
    });
  });
  after(async () => {
    await proxy.stop();
    await upstream.close();
    await journal.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test(`${BOOT.length} requests and their answers differ in no byte`, async () => {
    const connection = await openRaw(proxy.port);
    for (const asked of BOOT) {
      await connection.send(requestOf(asked));
      const wire = answerOf(asked);
      if (asked.late === true) {
        assert.deepEqual(await connection.receive(wire.length - REST), wire.subarray(0, wire.length - REST), asked.target);
        held.get(asked.target)?.();
        assert.deepEqual(await connection.receive(REST), wire.subarray(wire.length - REST), asked.target);
      } else assert.deepEqual(await connection.receive(wire.length), wire, asked.target);
    }
    assert.equal(connection.unread, 0);
    connection.destroy();
    const sent = upstream.requests.map(({ wire }: RawMessage) => wire.toString("latin1"));
    assert.deepEqual(
      sent,
      BOOT.map((asked) => requestOf(asked).toString("latin1")),
    );
  });

  test("and each is captured, and told on the page Kibana", async () => {
    await tap.settled(BOOT.length);
    const watch = new KibanaWatch();
    for (const exchange of tap.exchanges) watch.exchanged(exchange);
    const { signs, version, unauthorized } = watch.seen;
    assert.deepEqual({ version, unauthorized }, { version: "9.4.3", unauthorized: 1 });
    assert.equal(
      signs.reduce((sum, { count }) => sum + count, 0),
      BOOT.length,
    );
    for (const sign of ["product", "nodes", "saved_objects", "task_manager", "privileges", "license", "data_views", "discover"])
      assert.ok(
        signs.some((seen) => seen.sign === sign && seen.count > 0),
        sign,
      );
  });
});

function requestOf({ method, target, body = "", type = JSON_TYPE, opaqueId = "unknownId" }: Asked): Buffer {
  const head = [
    `${method} ${target} HTTP/1.1`,
    "user-agent: Kibana/9.4.3",
    "x-elastic-product-origin: kibana",
    `x-opaque-id: ${opaqueId}`,
    "authorization: Basic a2liYW5hX3N5c3RlbTpzZWNyZXQ=",
    "x-elastic-client-meta: es=9.4.0p,js=24.0.0,t=9.3.0,hc=24.0.0",
    `accept: ${JSON_TYPE}`,
    ...(body === "" ? [] : [`content-type: ${type}`, `content-length: ${Buffer.byteLength(body)}`]),
    "Host: localhost:9280",
    "Connection: keep-alive",
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function answerOf({ method, answer: [status, body] }: Asked): Buffer {
  const length = method === "HEAD" ? 0 : Buffer.byteLength(body);
  const head = [
    `HTTP/1.1 ${status}`,
    "X-elastic-product: Elasticsearch",
    `content-type: ${JSON_TYPE.replace("; ", ";")}`,
    `content-length: ${length}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}
