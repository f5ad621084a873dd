// Exchanges to store, and a folder that goes away with the test.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { SessionOptions } from "../../../src/main/capture/index.ts";
import { openSession, type Session } from "../../../src/main/capture/index.ts";
import type { Comparison, ExchangeDetail, SearchPart, Verdict } from "../../../src/shared/exchange.ts";

export const NOON = 1_767_225_600_000;

export function folder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "parallax-session-"));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export function session(context: TestContext, options: SessionOptions = {}): Session {
  const opened = openSession(join(folder(context), "s.parallax"), options);
  context.after(() => opened.close());
  return opened;
}

export function exchange(id: number, members: Partial<ExchangeDetail> = {}): ExchangeDetail {
  return {
    id,
    time: NOON + id,
    method: "POST",
    path: "/logs-web/_search?size=0",
    endpoint: "_search",
    index: "logs-web",
    kind: "search",
    status: 200,
    verdict: null,
    note: "",
    elasticsearchMs: 12.5,
    clickhouseMs: null,
    requestBytes: 20,
    responseBytes: 30,
    client: "kibana",
    shape: "",
    pinned: false,
    truncated: false,
    request: {
      version: "1.1",
      headers: [
        ["Host", "localhost:9280"],
        ["Content-Type", "application/json"],
        ["X-Opaque-Id", "a;kibana:dashboard"],
      ],
      bodyBytes: 20,
      truncated: false,
    },
    response: {
      version: "1.1",
      headers: [["content-type", "application/vnd.elasticsearch+json"]],
      bodyBytes: 30,
      truncated: false,
      reason: "OK",
    },
    timings: { lastByte: 12.5 },
    searches: [],
    mirror: null,
    error: "",
    ...members,
  };
}

export function part(position: number, verdict: Verdict, members: Partial<SearchPart> = {}): SearchPart {
  const comparison: Comparison = {
    verdict,
    reason: `it is ${verdict}`,
    differences: [],
    differenceCount: 0,
    rules: [],
    comparedLeaves: 1,
    totalLeaves: 1,
    unsupported: [],
  };
  const body = '{"size":0,"aggs":{"2":{"terms":{"field":"host"},"aggs":{"1":{"avg":{"field":"bytes"}}}}}}';
  return {
    position,
    index: "logs-web",
    body,
    statements: [],
    clickhouse: '{"took":1}',
    comparison,
    shape: "abc",
    clickhouseMs: 4,
    ...members,
  };
}

export function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}
