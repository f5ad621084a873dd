import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileFilter, type Session } from "../../../src/main/capture/index.ts";
import type { Filter } from "../../../src/main/capture/types.ts";
import { NOISE, NOISE_AND_INSERTS } from "../../../src/renderer/traffic/quick_filters.ts";
import type { ExchangeDetail, HeaderPairs } from "../../../src/shared/exchange.ts";
import { bytes, exchange, part, session } from "./records.ts";

function ids(s: Session, text: string): readonly number[] {
  const compiled = compileFilter(text);
  assert.ok(compiled.ok, compiled.ok ? "" : `${text}: ${compiled.error.message}`);
  const listed = (filter: Filter) => s.list({ filter }).exchanges.map(({ id }) => id);
  const { filter } = compiled;
  assert.deepEqual(listed({ ...filter, where: filter.each }), listed(filter), `${text}: looked at one by one`);
  return listed(filter).toSorted((a, b) => a - b);
}

function filled(context: Parameters<typeof session>[0]): Session {
  const s = session(context);
  const host = (name: string): HeaderPairs => [["Host", name]];
  const message = (headers: HeaderPairs) => ({ version: "1.1", headers, bodyBytes: 0, truncated: false });
  const put = (id: number, members: Partial<ExchangeDetail>, request = "", elasticsearch = "") =>
    s.put(exchange(id, members), { request: bytes(request), elasticsearch: bytes(elasticsearch) });
  put(
    1,
    {
      verdict: "equal",
      clickhouseMs: 40,
      marker: ":star:",
      comment: "the slow dashboard",
      source: "10.0.0.7:51234",
      searches: [part(0, "equal")],
    },
    '{"query":"needle"}',
    '{"took":1}',
  );
  put(2, { method: "PUT", path: "/_bulk", endpoint: "_bulk", index: "", kind: "write", note: "mirrored 5" }, "{}", '{"errors":false}');
  put(3, { method: "GET", path: "/_cluster/health", kind: "admin", status: 404, request: message(host("other.example:9200")) });
  const parts = [part(0, "unsupported", { shape: "s2", body: "{}" }), part(1, "equal")];
  put(4, { path: "/_msearch", index: "a-1,logs-x", verdict: "different", clickhouseMs: 2, searches: parts, shape: "s1" }, "", "NEEDLE");
  put(5, {
    status: 0,
    response: null,
    path: "/.kibana_8/_search",
    kind: "search",
    error: "connection reset",
    pinned: true,
    index: ".kibana_8",
  });
  const replayed: HeaderPairs = [["X-Parallax-Replay", "1"]];
  const image: HeaderPairs = [["content-type", "image/png"]];
  put(6, {
    path: "/logo",
    kind: "other",
    index: "",
    client: "",
    request: message(replayed),
    response: { ...message(image), reason: "OK" },
  });
  return s;
}

test("a URL of another server is matched as it is", (context) => {
  const s = session(context);
  s.put(exchange(1, { path: "https://example.com/_search", kind: "other" }), {});
  s.put(exchange(2, { path: "/_search" }), {});
  assert.deepEqual(ids(s, "~u ^https://example.com/_search$"), [1]);
  assert.deepEqual(ids(s, "~u ^http:"), [2]);
});

describe("mitmproxy's operators", () => {
  const cases: readonly (readonly [filter: string, ids: readonly number[]])[] = [
    ["", [1, 2, 3, 4, 5, 6]],
    ["~all", [1, 2, 3, 4, 5, 6]],
    ["_search", [1, 5]],
    ["_SEARCH", [1, 5]],
    ["~u ^http://localhost:9280/_", [2, 4]],
    ["~m put", [2]],
    ["~c 404", [3]],
    ["~c 2xx", [1, 2, 4, 6]],
    ["~d example", [3]],
    ["~t elasticsearch", [1, 2, 3, 4]],
    ["~tq ^application/json", [1, 2, 4, 5]],
    ["~b needle", [1, 4]],
    ["~bq needle", [1]],
    ["~bs needle", [4]],
    ['~h "host: other"', [3]],
    ["~hq ^x-opaque-id:.*dashboard", [1, 2, 4, 5]],
    ["~hs vnd", [1, 2, 3, 4]],
    ["~s", [1, 2, 3, 4, 6]],
    ["~q", [5]],
    ["~e", [5]],
    ["~marked", [1, 5]],
    ["~marker star", [1]],
    ["~marker .", [1]],
    ["~comment DASHboard", [1]],
    ["~src 10\\.0\\.0\\.", [1]],
    ["~dst other", [3]],
    ['~meta "^kind: (write|admin)$"', [2, 3]],
    ["~replay", [6]],
    ["~replayq", [6]],
    ["~replays", []],
    ["!~tcp & !~udp & !~dns & !~websocket", [1, 2, 3, 4, 5, 6]],
    ["~http", [1, 2, 3, 4, 5, 6]],
    ["~a", [6]],
  ];
  for (const [text, expected] of cases) {
    test(text === "" ? "(blank)" : text, (context) => assert.deepEqual(ids(filled(context), text), expected));
  }
});

describe("our operators", () => {
  const cases: readonly (readonly [filter: string, ids: readonly number[]])[] = [
    ["~verdict different", [4]],
    ["~verdict not-compared", []],
    ["!~verdict different", [1, 2, 3, 5, 6]],
    ["~kind search", [1, 4, 5]],
    ["~slower 2x", [1]],
    ["~slower 10ms", [1]],
    ["~faster 2x", [4]],
    ["~index logs-*", [1, 3, 4]],
    ["~index a-1", [4]],
    ["~index .kibana_?", [5]],
    ["~agg terms", [1, 4]],
    ["~agg term", []],
    ["~shape s2", [4]],
    ["~shape s1", [4]],
    ["~untranslated", [4]],
    ["~client KIB", [1, 2, 3, 4, 5]],
    ["~note mirrored", [2]],
  ];
  for (const [text, expected] of cases) test(text, (context) => assert.deepEqual(ids(filled(context), text), expected));
});

describe("grammar", () => {
  const cases: readonly (readonly [filter: string, ids: readonly number[]])[] = [
    ["_search _search", [1, 5]],
    ["_search ~m post !~marked", []],
    ["_bulk | ~c 404", [2, 3]],
    ["_bulk|_msearch", [2, 4]],
    ["!_search & !_bulk", [3, 4, 6]],
    ["!(_search | _bulk)", [3, 4, 6]],
    ["~m get | ~m put ~c 404", [3]],
    ["!!_bulk", [2]],
    ["_bulk &!_search&", [2]],
    ["'_b' \"ulk\"", [2]],
    ['~u "a\\"b"', []],
    ["((_bulk))", [2]],
  ];
  for (const [text, expected] of cases) test(text, (context) => assert.deepEqual(ids(filled(context), text), expected));

  const errors: readonly (readonly [filter: string, position: number, message: RegExp])[] = [
    ["~nonsense x", 0, /no operator ~nonsense/],
    ["_search ~verd equal", 8, /Near it: ~verdict/],
    ["_search &", 9, /ends here/],
    ["_search & | x", 10, /can't stand here/],
    ["(_search", 0, /never closed/],
    ["_search)", 7, /no opening/],
    ["~verdict", 0, /needs VERDICT/],
    ["~verdict purple", 0, /One of: equal/],
    ["x ~c 99", 2, /three digits/],
    ["~slower fast", 0, /factor/],
    ["a[", 0, /Not a regular expression/],
    ["'open", 0, /quote is never closed/],
    ["'(a+)+b'", 0, /for ever/],
    [`${"(".repeat(300)}a`, 100, /More than 100/],
    ["x".repeat(1001), 0, /longer than/],
  ];
  for (const [text, position, message] of errors) {
    test(`error in ${text.slice(0, 20)}`, () => {
      const compiled = compileFilter(text);
      assert.ok(!compiled.ok);
      assert.equal(compiled.error.position, position);
      assert.match(compiled.error.message, message);
    });
  }
});

describe("the long noise filters", () => {
  test("leave the searches and writes of people", (context) => {
    const s = session(context);
    const paths = [
      "/logs/_search",
      "/_bulk",
      "/x/_doc/1",
      "/.kibana_8/_search",
      "/_cluster/health",
      "/.ds-risk/_search",
      "/flights/_msearch",
    ];
    for (const [at, path] of paths.entries()) s.put(exchange(at + 1, { path }));
    assert.deepEqual(ids(s, NOISE), [1, 2, 7]);
    assert.deepEqual(ids(s, NOISE_AND_INSERTS), [1, 7]);
  });

  test("are one search of the URL, not two dozen", () => {
    const compiled = compileFilter(NOISE);
    assert.ok(compiled.ok);
    assert.equal(compiled.filter.parameters.length, 1);
  });
});

test("values never become SQL", (context) => {
  const s = filled(context);
  for (const attack of ["'); DROP TABLE exchanges; --", "x' OR '1'='1", '" UNION SELECT 1 --', "%_"]) {
    for (const operator of ["~index", "~agg", "~shape"]) {
      const quoted = `"${attack.replaceAll('"', '\\"')}"`;
      assert.deepEqual(ids(s, `${operator} ${quoted}`), []);
    }
  }
  assert.equal(s.list().total, 6);
});

test("a list over 100,000 exchanges is whole, and one that reads bodies comes in slices of time", (context) => {
  const s = session(context);
  const paths = ["/logs/_search", "/_bulk", "/.kibana_8/_doc/space:default", "/_cluster/health", "/x/_field_caps"];
  for (let id = 1; id <= 100_000; id += 1) s.put(exchange(id, { path: `${paths[id % 5]}?n=${id}`, status: id % 1000 === 0 ? 500 : 200 }));
  s.flush();
  const listed = (text: string) => {
    const compiled = compileFilter(text);
    assert.ok(compiled.ok);
    return s.list({ filter: compiled.filter, limit: 200 });
  };
  assert.equal(listed("").total, 100_000);
  assert.equal(listed("~c 500").total, 100);
  assert.equal(listed(NOISE_AND_INSERTS).total, 20_000);
  assert.equal(listed("nowhere").total, 0);
  const scan = listed("~h nowhere");
  assert.ok(scan.exchanges.length === 0 && scan.next !== null && scan.next < 100_000, "goes on from where its time was up");
});
