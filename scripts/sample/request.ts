// A request as one of the sample's clients sends it: target, headers in the client's own order, body.
import { gzipSync } from "node:zlib";
import type { HeaderPairs } from "../../src/shared/exchange.ts";
import { type JsonValue, printJson } from "../../src/shared/json.ts";
import type { Random } from "./random.ts";
import type { BulkItem } from "./source.ts";
import type { KibanaView } from "./views.ts";

export interface PlannedRequest {
  readonly method: string;
  readonly target: string;
  /** Without Host, Connection and Content-Length, which belong to the connection. */
  readonly headers: HeaderPairs;
  readonly body: Buffer;
  /** How many searches it carries: the items of an `_msearch`. */
  readonly searches: number;
  /** Index that it changes, "" when it changes nothing. */
  readonly writes: string;
  /** Expected status. */
  readonly status: number;
}

const VENDOR = "application/vnd.elasticsearch";

/** Kibana's headers. `place` is the application and the saved object, e.g. `dashboard:UUID`. */
export function kibanaHeaders(place: string, lines = false): HeaderPairs {
  return [
    ["user-agent", "Kibana/9.4.3"],
    ["x-elastic-product-origin", "kibana"],
    ["X-Opaque-Id", `unknownId;kibana:application:${place}`],
    ["accept", `${VENDOR}+json; compatible-with=9`],
    ["content-type", `${VENDOR}+${lines ? "x-ndjson" : "json"}; compatible-with=9`],
    ["x-elastic-client-meta", "es=9.2.0p,js=22.22.0,t=9.3.4,hc=22.22.0"],
  ];
}

/** Headers of a shop's own service, through the JavaScript client. */
export function serviceHeaders(service: string, lines = false): HeaderPairs {
  return [
    ["user-agent", "elasticsearch-js/9.4.3 (linux 6.8.0-x64; Node.js 24.21.0; Transport 9.3.4)"],
    ["x-opaque-id", service],
    ["accept", `${VENDOR}+json; compatible-with=9`],
    ["content-type", `${VENDOR}+${lines ? "x-ndjson" : "json"}; compatible-with=9`],
  ];
}

export const SHIPPER_HEADERS: HeaderPairs = [
  ["User-Agent", "Elastic-filebeat/9.4.3 (linux; amd64; 5f0a1c2; 2026-02-11 09:14:27 +0000 UTC)"],
  ["X-Elastic-Product-Origin", "beats"],
  ["Accept", "application/json"],
  ["Content-Type", "application/json; charset=UTF-8"],
];

export const CURL_HEADERS: HeaderPairs = [
  ["User-Agent", "curl/8.12.1"],
  ["Accept", "*/*"],
  ["Content-Type", "application/json"],
];

const nothing = Buffer.alloc(0);
const plain = { searches: 0, writes: "", status: 200 } as const;

/** A request without a body. */
export function get(target: string, headers: HeaderPairs, method = "GET", status = 200): PlannedRequest {
  return { ...plain, method, target, headers: headers.filter(([name]) => name.toLowerCase() !== "content-type"), body: nothing, status };
}

export function send(
  method: string,
  target: string,
  headers: HeaderPairs,
  body: JsonValue,
  rest: Partial<PlannedRequest> = {},
): PlannedRequest {
  return { ...plain, method, target, headers, body: Buffer.from(printJson(body)), ...rest };
}

/** A search as Kibana sends it. The preference keeps a user on the same copy; `params` replace or add. */
export function kibanaSearch(
  random: Random,
  view: KibanaView,
  place: string,
  body: JsonValue,
  params: Readonly<Record<string, string>> = {},
): PlannedRequest {
  const query = new URLSearchParams({
    batched_reduce_size: "64",
    ignore_unavailable: "true",
    track_total_hits: "true",
    preference: String(1774700000000 + random.integer(0, 999_999)),
    ...params,
  });
  return send("POST", `/${view.index}/_search?${query.toString()}`, kibanaHeaders(place), body, { searches: 1 });
}

/** An `_msearch`: one header line and one body line a search. */
export function multiSearch(searches: readonly (readonly [header: JsonValue, body: JsonValue])[], headers: HeaderPairs): PlannedRequest {
  const lines = searches.flatMap(([header, body]) => [printJson(header), printJson(body)]);
  return { ...plain, method: "POST", target: "/_msearch", headers, body: Buffer.from(`${lines.join("\n")}\n`), searches: searches.length };
}

/** A bulk of one index; `zipped` sends it as shippers do, with Content-Encoding: gzip. */
export function bulk(index: string, items: readonly BulkItem[], headers: HeaderPairs, zipped: boolean): PlannedRequest {
  const named = !zipped;
  const lines = items.flatMap(({ action, meta, document }) => {
    const head = printJson({ [action]: named ? meta : { _index: index, ...meta } });
    return document === undefined ? [head] : [head, printJson(document)];
  });
  const text = Buffer.from(`${lines.join("\n")}\n`);
  return {
    ...plain,
    method: "POST",
    target: named
      ? `/${index}/_bulk?refresh=true`
      : "/_bulk?refresh=true&filter_path=errors%2Citems.*.error%2Citems.*.status%2Citems.*._index%2Citems.*._id%2Citems.*._seq_no%2Citems.*._version%2Citems.*._primary_term%2Citems.*.result",
    headers: zipped ? [...headers, ["Content-Encoding", "gzip"]] : headers,
    body: zipped ? gzipSync(text) : text,
    writes: index,
  };
}
