// The operators that mitmproxy's filter language has, with its meanings: https://docs.mitmproxy.org/stable/concepts/filters/
// Bodies are searched with their content coding undone.
import { BODIES_PER_EXCHANGE, BODY_SIDES } from "../schema.ts";
import type { ConditionResult, Operator } from "./operator.ts";
import { eitherOf, fewValues, flag } from "./operator.ts";
import { checkPattern } from "./pattern.ts";

/** The whole URL, as mitmproxy matches it; what came through the intercept proxy has it as its path. */
export const URL_COLUMNS = "(iif(e.path LIKE '/%', 'http://' || e.host || e.path, e.path))";

const ASSET = "^(text/javascript|(application/)(x-)?javascript|text/css|image/.*|application/x-shockwave-flash)";
const META = ["verdict", "kind", "endpoint", "index_expression", "shape", "client", "note", "error"]
  .map((column) => `'${column.replace("_expression", "")}: ' || coalesce(e.${column}, '')`)
  .join(" || char(10) || ");

function regex(name: string, meaning: string, where: string, scans = false): Operator {
  const uses = where.split("?").length - 1;
  return Object.freeze({
    name,
    argument: "REGEX",
    meaning,
    condition: (argument: string): ConditionResult => {
      const checked = checkPattern(argument);
      return checked.ok ? { where, parameters: Array.from({ length: uses }, () => argument), scans } : { wrong: checked.message };
    },
  });
}

function bodyOf(...sides: readonly (keyof typeof BODY_SIDES)[]): string {
  const ids = sides.map((side) => `e.id * ${BODIES_PER_EXCHANGE} + ${BODY_SIDES[side]}`).join(", ");
  return `EXISTS (SELECT 1 FROM bodies b WHERE b.id IN (${ids}) AND matches_body(?, b.data, b.coding, b.content_encoding, b.truncated))`;
}

function headersOf(...messages: readonly ("request" | "response")[]): string {
  const tests = messages.map((message) => `matches_headers(?, d.${message})`).join(" OR ");
  return `EXISTS (SELECT 1 FROM details d WHERE d.id = e.id AND (${tests}))`;
}

/** The URL by pattern: what a bare word means too. */
export const urlOperator: Operator = Object.freeze({
  name: "u",
  argument: "REGEX",
  meaning: "URL",
  condition: (argument: string): ConditionResult => {
    const checked = checkPattern(argument);
    if (!checked.ok) return { wrong: checked.message };
    return { where: `matches(?, ${URL_COLUMNS})`, parameters: [argument], url: argument };
  },
});

const status: Operator = Object.freeze({
  name: "c",
  argument: "CODE",
  meaning: "HTTP status: 404, or 4xx",
  condition: (argument: string): ConditionResult => {
    if (/^[1-5]xx$/i.test(argument)) {
      const first = Number(argument[0]) * 100;
      return { where: "e.status BETWEEN ? AND ?", parameters: [first, first + 99] };
    }
    if (/^[0-9]{3}$/.test(argument)) return { where: "e.status = ?", parameters: [Number(argument)] };
    return { wrong: "A status is three digits (404) or a class (4xx)." };
  },
});

export const MITMPROXY_OPERATORS: readonly Operator[] = Object.freeze([
  urlOperator,
  regex("m", "method", fewValues("method")),
  status,
  regex("d", "host", "matches(?, e.host)"),
  regex("t", "content type of request or response", "(matches(?, e.request_type) OR matches(?, e.response_type))"),
  regex("tq", "content type of the request", "matches(?, e.request_type)"),
  regex("ts", "content type of the response", "matches(?, e.response_type)"),
  regex("b", "body of request or response", bodyOf("request", "elasticsearch"), true),
  regex("bq", "body of the request", bodyOf("request"), true),
  regex("bs", "body of the response", bodyOf("elasticsearch"), true),
  regex("h", "a header line of request or response", headersOf("request", "response"), true),
  regex("hq", "a header line of the request", headersOf("request"), true),
  regex("hs", "a header line of the response", headersOf("response"), true),
  flag("q", "no response yet", "e.status = 0"),
  flag("s", "has a response", "e.status <> 0"),
  flag("e", "broke before it was complete", "e.error <> ''"),
  flag("a", "answered with an asset: JavaScript, CSS, an image, Flash", `matches('${ASSET}', e.response_type)`),
  regex("src", "address of the client, `address:port`, where it is known", "(e.source <> '' AND matches(?, e.source))"),
  regex("dst", "address that the client asked, `host:port`", "matches(?, e.host)"),
  flag(
    "marked",
    "pinned, or with a marker",
    eitherOf("SELECT id FROM exchanges WHERE pinned = 1", "SELECT id FROM exchanges WHERE marker <> ''"),
    "(e.pinned = 1 OR e.marker <> '')",
  ),
  regex("marker", "marker", "(e.marker <> '' AND matches(?, e.marker))"),
  regex("comment", "comment", "(e.comment <> '' AND matches(?, e.comment))"),
  regex("meta", "what is known of it beside its messages, as `name: value` lines", `matches(?, ${META})`),
  flag("replay", "sent again by Parallax", "e.replayed = 1"),
  flag("replayq", "sent again by Parallax", "e.replayed = 1"),
  flag("replays", "answered from a recording: nothing is", "0"),
  flag("http", "everything over HTTP", "1"),
  flag("websocket", "the connection became a WebSocket's or another protocol's", "e.status = 101"),
  flag("tcp", "bare TCP: nothing is captured of it", "0"),
  flag("udp", "UDP: nothing is captured of it", "0"),
  flag("dns", "DNS: nothing is captured of it", "0"),
  flag("all", "everything", "1"),
]);
