// Between records and rows: the columns of an exchange, its detail and its search parts.
import type { SQLOutputValue } from "node:sqlite";
import type {
  ExchangeDetail,
  ExchangeKind,
  ExchangeSummary,
  HeaderPairs,
  HttpMessage,
  MirrorNote,
  SearchPart,
  Timings,
  Verdict,
} from "../../shared/exchange.ts";
import type { Packed } from "./coding.ts";
import { pack, unpack } from "./coding.ts";

export type Row = Readonly<Record<string, SQLOutputValue>>;
export type Cell = string | number | null | Uint8Array;

/** A request that is sent again says so by this header, which Elasticsearch gets too and does not read. Its value is the exchange's id. */
export const REPLAY_HEADER = "x-parallax-replay";

/** Columns of `exchanges` in the order of `exchangeCells`. */
export const EXCHANGE_COLUMNS = Object.freeze([
  "id",
  "time",
  "method",
  "path",
  "endpoint",
  "index_expression",
  "kind",
  "status",
  "verdict",
  "note",
  "elasticsearch_ms",
  "clickhouse_ms",
  "request_bytes",
  "response_bytes",
  "client",
  "shape",
  "pinned",
  "truncated",
  "host",
  "request_type",
  "response_type",
  "error",
  "aggregations",
  "marker",
  "comment",
  "replayed",
  "source",
]);

/** Cells of one exchange. `aggregations` lists their types as ` terms avg `. */
export function exchangeCells(detail: ExchangeDetail, aggregations: string): Cell[] {
  return [
    detail.id,
    detail.time,
    detail.method,
    detail.path,
    detail.endpoint,
    detail.index,
    detail.kind,
    detail.status,
    detail.verdict,
    detail.note,
    detail.elasticsearchMs,
    detail.clickhouseMs,
    detail.requestBytes,
    detail.responseBytes,
    detail.client,
    detail.shape,
    detail.pinned ? 1 : 0,
    detail.truncated ? 1 : 0,
    headerOf(detail.request.headers, "host"),
    headerOf(detail.request.headers, "content-type"),
    headerOf(detail.response?.headers ?? [], "content-type"),
    detail.error,
    aggregations,
    detail.marker ?? "",
    detail.comment ?? "",
    headerOf(detail.request.headers, REPLAY_HEADER) === "" ? 0 : 1,
    detail.source ?? "",
  ];
}

/** The first header of that name (given in lower case); "" when there is none. */
export function headerOf(headers: HeaderPairs, name: string): string {
  return headers.find(([header]) => header.length === name.length && header.toLowerCase() === name)?.[1] ?? "";
}

export function summaryOf(row: Row): ExchangeSummary {
  return {
    id: Number(row.id),
    time: Number(row.time),
    method: text(row.method),
    path: text(row.path),
    endpoint: text(row.endpoint),
    index: text(row.index_expression),
    // Only this module writes the column.
    kind: text(row.kind) as ExchangeKind,
    status: Number(row.status),
    verdict: verdictOf(row.verdict),
    note: text(row.note),
    elasticsearchMs: numberOrNull(row.elasticsearch_ms),
    clickhouseMs: numberOrNull(row.clickhouse_ms),
    requestBytes: Number(row.request_bytes),
    responseBytes: Number(row.response_bytes),
    client: text(row.client),
    shape: text(row.shape),
    pinned: row.pinned === 1,
    truncated: row.truncated === 1,
    ...(text(row.marker) === "" ? {} : { marker: text(row.marker) }),
    ...(text(row.comment) === "" ? {} : { comment: text(row.comment) }),
  };
}

/** A detail from its three rows. */
export function detailOf(exchange: Row, detail: Row, parts: readonly Row[]): ExchangeDetail {
  return {
    ...summaryOf(exchange),
    request: read<HttpMessage>(detail.request),
    response: read<ExchangeDetail["response"]>(detail.response),
    timings: read<Timings>(detail.timings),
    searches: parts.filter((part) => part.data !== null).map(partOf),
    mirror: read<MirrorNote | null>(detail.mirror),
    error: text(exchange.error),
    ...(text(exchange.source) === "" ? {} : { source: text(exchange.source) }),
  };
}

/** Cells of `details`, without the id. */
export function detailCells(detail: Pick<ExchangeDetail, "request" | "response" | "timings" | "mirror">): string[] {
  return [detail.request, detail.response, detail.timings, detail.mirror].map((member) => JSON.stringify(member));
}

export function packPart(part: SearchPart): Packed {
  return pack(Buffer.from(JSON.stringify(part)));
}

export function partOf(row: Row): SearchPart {
  const data = row.data;
  const bytes = unpack(text(row.coding), data instanceof Uint8Array ? data : new Uint8Array());
  return read<SearchPart>(Buffer.from(bytes).toString());
}

// Records are plain data that this module wrote with JSON.stringify: bodies and answers inside are text, so no number of
// theirs is read here.
function read<T>(value: SQLOutputValue | undefined): T {
  return JSON.parse(text(value)) as T;
}

export function text(value: SQLOutputValue | undefined): string {
  return typeof value === "string" ? value : "";
}

export function numberOrNull(value: SQLOutputValue | undefined): number | null {
  return typeof value === "number" ? value : null;
}

export function verdictOf(value: SQLOutputValue | undefined): Verdict | null {
  // Only this module writes the column.
  return typeof value === "string" ? (value as Verdict) : null;
}
