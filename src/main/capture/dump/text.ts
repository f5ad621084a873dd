// One exchange as text for people: what was asked, what was answered, what ClickHouse made of it. Without secrets.
import type { ExchangeDetail, HeaderPairs } from "../../../shared/exchange.ts";
import { isText } from "../coding.ts";
import { redactBody, redactHeaders, redactTarget } from "../redaction.ts";
import { headerOf } from "../rows.ts";

export interface DumpedBodies {
  /** Content coding undone; null where there is none. */
  readonly request: Uint8Array | null;
  readonly elasticsearch: Uint8Array | null;
}

/** Most of a body that is written. */
const BODY_BYTES = 64 * 1024;

/** The text, which ends in an empty line. Lines that begin with `>` were sent, those with `<` came back. */
export function dumpText(detail: ExchangeDetail, bodies: DumpedBodies): string {
  const { request, response, searches, path, source = "" } = detail;
  const lines = [
    `=== ${new Date(detail.time).toISOString()} #${detail.id} ${detail.method} ${hostOf(detail)}${redactTarget(path)} -> ${outcome(detail)}`,
    ...(detail.note === "" ? [] : [`note: ${detail.note}`]),
    ...(source === "" ? [] : [`from: ${source}`]),
    ...headerLines(">", request.headers),
    ...bodyLines(bodies.request, path),
    ...(response === null ? [] : [`< HTTP/${response.version} ${detail.status} ${response.reason}`.trimEnd()]),
    ...headerLines("<", response?.headers ?? []),
    ...bodyLines(bodies.elasticsearch, path),
    ...searches.flatMap(({ statements, clickhouse }) => [
      ...statements.map(({ name, sql, ms }) => `sql ${name}${ms === null ? "" : ` (${ms.toFixed(1)} ms)`}: ${sql}`),
      ...(clickhouse === null ? [] : ["ClickHouse's answer:", ...bodyLines(Buffer.from(clickhouse), "")]),
    ]),
  ];
  return `${lines.join("\n")}\n\n`;
}

function hostOf({ request, path }: ExchangeDetail): string {
  const host = headerOf(request.headers, "host");
  return host === "" || !path.startsWith("/") ? "" : `http://${host}`;
}

function outcome({ status, error, elasticsearchMs, clickhouseMs, verdict }: ExchangeDetail): string {
  const parts = [
    status === 0 ? "no answer" : String(status),
    elasticsearchMs === null ? "" : `${elasticsearchMs.toFixed(1)} ms`,
    clickhouseMs === null ? "" : `ClickHouse ${clickhouseMs.toFixed(1)} ms`,
    verdict ?? "",
    error,
  ];
  return parts.filter((part) => part !== "").join("  ");
}

function headerLines(sign: string, headers: HeaderPairs): readonly string[] {
  return redactHeaders(headers).map(([name, value]) => `${sign} ${name}: ${value}`);
}

function bodyLines(bytes: Uint8Array | null, path: string): readonly string[] {
  if (bytes === null || bytes.byteLength === 0) return [];
  if (!isText(bytes)) return [`(${bytes.byteLength} bytes that are no text)`];
  const text = redactBody(path, Buffer.from(bytes.subarray(0, BODY_BYTES)).toString("utf8")).trimEnd();
  return bytes.byteLength > BODY_BYTES ? [text, `(… ${bytes.byteLength - BODY_BYTES} bytes more)`] : [text];
}
