// Whether what a HAR has in `_parallax` is what Parallax writes there: a file comes from anywhere, and the window trusts its records.
import { VERDICTS } from "../../../shared/exchange.ts";
import type { PairData } from "./har.ts";

/** Names of types, a list of one shape, an object of shapes; "?" at the end of a name: or null. Members in OPTIONAL may be missing. */
type Shape = string | readonly [Shape] | { readonly [name: string]: Shape };

const OPTIONAL: ReadonlySet<string> = new Set([
  ...["marker", "comment", "source", "clickhouseBody"],
  ...["queryId", "sentBytes", "receivedBytes", "timings"],
  ...["changes", "sent", "given"],
]);
const UNSUPPORTED: Shape = { pointer: "string", reason: "string" };
const COMPARISON: Shape = {
  verdict: "verdict",
  reason: "string",
  differences: [{ path: "string", kind: "string", elasticsearch: "string?", clickhouse: "string?" }],
  differenceCount: "number",
  rules: [{ rule: "string", reason: "string", paths: ["string"], count: "number" }],
  comparedLeaves: "number",
  totalLeaves: "number",
  unsupported: [UNSUPPORTED],
};
const STATEMENT: Shape = {
  name: "string",
  sql: "string",
  params: [{ name: "string", type: "string", value: "string" }],
  spans: [{ start: "number", end: "number", pointer: "string" }],
  ms: "number?",
  rows: "number?",
  readRows: "number?",
  readBytes: "number?",
  memoryBytes: "number?",
  error: "string?",
  queryId: "string?",
  sentBytes: "number",
  receivedBytes: "number",
};
const SEARCH: Shape = {
  position: "number",
  index: "string",
  body: "string",
  statements: [STATEMENT],
  clickhouse: "string?",
  comparison: COMPARISON,
  shape: "string",
  clickhouseMs: "number?",
  timings: "timings",
};
const MESSAGE = { version: "string", bodyBytes: "number", truncated: "boolean" } as const;
const EXCHANGE: Shape = {
  id: "number",
  time: "number",
  method: "string",
  path: "string",
  endpoint: "string",
  index: "string",
  kind: "kind",
  status: "number",
  verdict: "verdict?",
  note: "string",
  elasticsearchMs: "number?",
  clickhouseMs: "number?",
  requestBytes: "number",
  responseBytes: "number",
  client: "string",
  shape: "string",
  pinned: "boolean",
  truncated: "boolean",
  marker: "string",
  comment: "string",
  source: "string",
  error: "string",
  request: {
    ...MESSAGE,
    changes: [{ by: "string", did: "string" }],
    sent: { method: "string", path: "string", headers: "headers", bodyBytes: "number" },
  },
  timings: "timings",
  searches: [SEARCH],
};
const ANSWER: Shape = { ...MESSAGE, reason: "string", given: { status: "number", headers: "headers", bodyBytes: "number" } };
const MIRROR: Shape = { indexed: "number", deleted: "number", failed: "number", notMirrored: "number", reason: "string" };
const KINDS: readonly unknown[] = ["search", "write", "schema", "get", "admin", "other"];
const VERDICT_NAMES: readonly unknown[] = VERDICTS;

/** The pair's data of an entry; null where it has none that fits. */
export function pairDataOf(value: unknown): PairData | null {
  if (!isRecord(value) || value.format !== 1 || !isRecord(value.exchange)) return null;
  const { response, mirror } = value.exchange;
  const fitting =
    fits(value.exchange, EXCHANGE) && (response === null || fits(response, ANSWER)) && (mirror === null || fits(mirror, MIRROR));
  // Each member that is read has just been looked at.
  return fitting ? (value as unknown as PairData) : null;
}

function fits(value: unknown, shape: Shape): boolean {
  if (typeof shape === "string") return fitsType(value, shape);
  if (Array.isArray(shape)) return Array.isArray(value) && value.every((item) => fits(item, shape[0] ?? ""));
  if (!isRecord(value)) return false;
  return Object.entries(shape).every(([name, inner]) => (Object.hasOwn(value, name) ? fits(value[name], inner) : OPTIONAL.has(name)));
}

function fitsType(value: unknown, name: string): boolean {
  if (name.endsWith("?")) return value === null || fitsType(value, name.slice(0, -1));
  if (name === "kind") return KINDS.includes(value);
  if (name === "headers") return Array.isArray(value) && value.every((pair) => fits(pair, ["string"]) && pair.length === 2);
  if (name === "verdict") return VERDICT_NAMES.includes(value);
  if (name === "timings") return isRecord(value) && Object.values(value).every((ms) => typeof ms === "number");
  return typeof value === name;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
