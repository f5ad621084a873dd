// Exchanges with a marker in every place that has a secret or a chosen field, to look for in what is handed on.
import { gzipSync } from "node:zlib";
import type { CapturedBodies } from "../../../src/main/capture/index.ts";
import type { ExchangeDetail, SearchPart } from "../../../src/shared/exchange.ts";
import type { RedactionChoices } from "../../../src/shared/share.ts";
import { exchange, part } from "../capture/records.ts";

/** What is chosen so that no marker leaves. */
export const CHOICES: RedactionChoices = {
  headers: ["X-Tenant"],
  fields: ["email", "user.name", "pin"],
  parameters: ["session"],
  secrets: ["password", "api_key", "token", "email", "base64"],
  addresses: true,
  hosts: true,
};

/** All begin so. */
export const MARKER = "Mk7q";
let planted = 0;
const made: string[] = [];

/** Another marker, remembered. */
function mark(): string {
  planted += 1;
  const marker = `${MARKER}${String(planted).padStart(3, "0")}x9`;
  made.push(marker);
  return marker;
}

/** Markers in what `plantedExchanges` made. */
export function plantedMarkers(): readonly string[] {
  return made;
}

export function plantedExchanges(): readonly { readonly detail: ExchangeDetail; readonly bodies: CapturedBodies }[] {
  return [search(), msearch(), bulk(), esql(), document(), derived(), renamed(), terms()];
}

function search() {
  const [address, name, key] = [mark(), mark(), mark()];
  const body = JSON.stringify({
    query: {
      bool: { filter: [{ term: { email: address } }, { match: { "user.name": { query: name } } }, { range: { pin: { gte: 77 } } }] },
    },
    aggs: {
      "2": { terms: { field: "email", include: mark() }, aggs: { "3": { avg: { field: "bytes" } } } },
      "4": { max: { field: "pin" } },
    },
    sort: [{ bytes: "desc" }, { email: "asc" }],
    search_after: [9007199254740993n.toString(), mark()],
    runtime_mappings: { x: { type: "keyword", script: { source: `emit(doc['email'].value + '${mark()}')` } } },
  });
  const answer = (other: string) =>
    `{"took":1,"hits":{"hits":[{"_id":"a1","_source":{"bytes":9007199254740993,"price":1.10,"email":"${address}","user":{"name":"${name}"},"note":"kept"},` +
    `"highlight":{"email":["<em>${mark()}</em>"]},"fields":{"email.keyword":["${mark()}"]},"sort":[12,"${mark()}"]}]},` +
    `"aggregations":{"sterms#2":{"buckets":[{"key":"${key}","doc_count":3,"3":{"value":5.0}},{"key":"${other}","doc_count":1,"3":{"value":6.5}}]},"max#4":{"value":1.0E9}}}`;
  const elasticsearch = answer(mark());
  const clickhouse = answer(mark());
  const sql = "SELECT 1 FROM t WHERE email = {p1:String} AND user.name = {p2:String} AND b > {p3:Int64}";
  const searchPart: SearchPart = part(0, "different", {
    body,
    clickhouse,
    statements: [
      {
        ...{ name: "hits", sql, ms: 1, rows: 1, readRows: 1, readBytes: 1, memoryBytes: 1, error: `Code 6: can't parse '${address}'` },
        params: [
          { name: "p1", type: "String", value: address },
          { name: "p2", type: "String", value: `%${name}%` },
          { name: "p3", type: "Int64", value: "4711" },
        ],
        spans: [
          { start: 24, end: 43, pointer: "/query/bool/filter/0/term/email" },
          { start: 48, end: 71, pointer: "/query/bool/filter/1/match/user.name" },
        ],
      },
    ],
    comparison: {
      ...part(0, "different").comparison,
      reason: `1 place differs: /aggregations/2/buckets/[key=${key}]/doc_count`,
      differences: [
        { path: `/aggregations/2/buckets/[key=${key}]/doc_count`, kind: "value", elasticsearch: "3", clickhouse: "4" },
        { path: "/hits/hits/[_id=a1]/_source/email", kind: "value", elasticsearch: `"${mark()}"`, clickhouse: null },
        { path: "/hits/hits/[_id=a1]/sort/1", kind: "value", elasticsearch: `"${mark()}"`, clickhouse: '"b"' },
        { path: "/hits/hits/[_id=a1]/_source/bytes", kind: "value", elasticsearch: "9007199254740993", clickhouse: "5" },
      ],
      differenceCount: 4,
    },
  });
  const detail = exchange(1, {
    path: `https://elastic:${mark()}@host:9200/logs/_search?session=${mark()}&q=email:${mark()}&size=1&api_key=${mark()}`,
    verdict: "different",
    note: searchPart.comparison.reason,
    client: `agent ${mark()}@corp.example.com`,
    source: `10.1.2.3${mark()}`,
    searches: [searchPart],
    request: {
      ...exchange(1).request,
      headers: [
        ["Host", `${mark()}.corp.example`],
        ["Authorization", `Basic ${Buffer.from(`elastic:${mark()}`).toString("base64")}`],
        ["authorization", `ApiKey ${mark()}==`],
        ["Authorization", `Bearer ${mark()}`],
        ["Cookie", `sid=${mark()}`],
        ["X-ClickHouse-Key", mark()],
        ["es-security-runas-user", mark()],
        ["X-Api-Key", mark()],
        ["X-Tenant", mark()],
        ["X-Forwarded-For", mark()],
        ["Referer", `http://${mark()}/app`],
        ["Proxy-Authorization", `Basic ${mark()}==`],
        ["Content-Encoding", "gzip"],
      ],
    },
    response: {
      ...(exchange(1).response ?? { version: "1.1", bodyBytes: 0, truncated: false, reason: "OK" }),
      headers: [
        ["Set-Cookie", `sid=${mark()}`],
        ["content-type", "application/json"],
      ],
    },
  });
  return { detail, bodies: { request: gzipSync(body), elasticsearch: Buffer.from(elasticsearch) } };
}

function msearch() {
  const value = mark();
  const body = `{"index":"a"}\n{"query":{"match_all":{}}}\n{"index":"b"}\n{"query":{"query_string":{"query":"email:${value}"}},"aggs":{"k":{"multi_terms":{"terms":[{"field":"email"},{"field":"x"}]}}}}\n`;
  const answer = `{"responses":[{"hits":{"hits":[]}},{"hits":{"hits":[{"_source":{"email":["${mark()}","${mark()}"]}}]},"aggregations":{"k":{"buckets":[{"key":["${mark()}","y"],"key_as_string":"${mark()}|y","doc_count":1}]}},"profile":{"shards":[{"description":"email:${mark()}"}]}}]}`;
  const detail = exchange(2, { path: "/_msearch", endpoint: "_msearch" });
  return { detail, bodies: { request: Buffer.from(body), elasticsearch: Buffer.from(answer) } };
}

function bulk() {
  const body = `{"index":{"_id":"1"}}\n{"email":"${mark()}","n":1.10,"user":{"name":"${mark()}"}}\n{"update":{"_id":"2"}}\n{"doc":{"email":"${mark()}","password":"${mark()}","text":"write to ${mark()}@example.org","remote":"https://me:${mark()}@es.example"}}\n`;
  const answer = `{"errors":true,"items":[{"index":{"_id":"1","error":{"reason":"failed to parse field [email], preview: '${mark()}'"}}}]}`;
  const detail = exchange(3, { path: "/_bulk", endpoint: "_bulk", kind: "write" });
  return { detail, bodies: { request: Buffer.from(body), elasticsearch: Buffer.from(answer) } };
}

function esql() {
  const body = `{"query":"FROM logs | WHERE email == \\"${mark()}\\""}`;
  const answer = `{"columns":[{"name":"n","type":"long"},{"name":"email","type":"keyword"}],"values":[[1,"${mark()}"],[9007199254740993,"${mark()}"]]}`;
  const detail = exchange(4, { path: "/_query", endpoint: "_query" });
  return { detail, bodies: { request: Buffer.from(body), elasticsearch: Buffer.from(answer) } };
}

function document() {
  const body = `{"secret":"${mark()}","api_key":"${mark()}","jwt":"eyJhbGciOiJIUzI1.${mark()}aaaa.sig","pem":"-----BEGIN PRIVATE KEY-----\\n${mark()}\\n-----END PRIVATE KEY-----","long":"${mark()}${"aB3".repeat(30)}","auth":"Bearer ${mark()}"}`;
  const detail = exchange(5, { path: "/logs/_doc/5", endpoint: "_doc", kind: "write", comment: `ask ${mark()}@example.org` });
  return { detail, bodies: { request: Buffer.from(body), elasticsearch: Buffer.from('{"result":"created"}') } };
}

function derived() {
  const body = `{"sort":[{"x":"asc"},{"_geo_distance":{"email":"${mark()}"}}],"highlight":{"fields":{"email":{"highlight_query":{"match":{"email":"${mark()}"}}}}},"script_fields":{"made":{"script":{"source":"doc['email'].value"}}},"suggest":{"s":{"text":"${mark()}","term":{"field":"email"}}},"aggs":{"t":{"top_hits":{"sort":[{"email":"asc"}]}}}}`;
  const answer = `{"hits":{"hits":[{"_source":{"properties":{"email":"${mark()}"}},"fields":{"made":["${mark()}"]},"sort":[1],"inner_hits":{"i":{"hits":{"hits":[{"sort":["${mark()}"]}]}}}}]},"suggest":{"s":[{"text":"${mark()}","options":[]}]},"aggregations":{"t":{"hits":{"hits":[{"_source":{"n":1},"sort":["${mark()}"]}]}}}}`;
  return { detail: exchange(6), bodies: { request: Buffer.from(body), elasticsearch: Buffer.from(answer) } };
}

function renamed() {
  const answer = `{"columns":[{"name":"e","type":"keyword"}],"values":[["${mark()}"]]}`;
  const detail = exchange(7, { path: "/_query", endpoint: "_query" });
  return {
    detail,
    bodies: { request: Buffer.from('{"query":"FROM logs | EVAL e = email | KEEP e"}'), elasticsearch: Buffer.from(answer) },
  };
}

function terms() {
  const answer = `{"term_vectors":{"email":{"terms":{"${mark()}":{"term_freq":1}}}}}`;
  const detail = exchange(8, { path: "/logs/_termvectors/1", endpoint: "_termvectors", kind: "get" });
  return { detail, bodies: { request: Buffer.from(`{"doc":{"sort":{"email":"${mark()}"}}}`), elasticsearch: Buffer.from(answer) } };
}
