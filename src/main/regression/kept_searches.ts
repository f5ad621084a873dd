// The searches of a session, a HAR or a case file, each with the verdict that it had.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { ExchangeDetail, HeaderPairs, Verdict } from "../../shared/exchange.ts";
import { isObject, member, parseObject } from "../../shared/json.ts";
import { REDACTED } from "../capture/redaction.ts";
import { REPLAY_HEADER } from "../capture/rows.ts";
import type { Session } from "../capture/session.ts";
import type { Filter } from "../capture/types.ts";
import { route } from "../elasticsearch/route.ts";
import { synchronous } from "../exchange/shadow.ts";
import { openRecorded } from "../replay/open_recorded.ts";
import { headersAgain } from "../replay/session_requests.ts";
import { parseCase, type RegressionCase } from "../shrink/case_file.ts";

export interface KeptRequest {
  readonly kind: "request";
  readonly source: string;
  readonly name: string;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: HeaderPairs;
  readonly body: string;
  /** By position of the search in the request. */
  readonly before: readonly (Verdict | null)[];
}

export interface KeptCase {
  readonly kind: "case";
  readonly source: string;
  readonly name: string;
  readonly kept: RegressionCase;
}

export interface KeptSearches {
  readonly searches: readonly (KeptRequest | KeptCase)[];
  /** What can't be asked again, and why. */
  readonly leftOut: ReadonlyMap<string, number>;
}

/** Reads a file, whichever of the three it is. Equal requests are taken once, with the verdict that they had last. Throws SessionError, HarError, or an Error in words. */
export async function keptSearches(file: string, filter: { readonly filter?: Filter }): Promise<KeptSearches> {
  const kept = await caseIn(file);
  if (kept !== null) {
    return { searches: [{ kind: "case", source: file, name: basename(file, ".json"), kept }], leftOut: new Map() };
  }
  const recorded = await openRecorded(file, { redact: false });
  try {
    return await searchesOf(recorded.session, file, filter.filter);
  } finally {
    await recorded.close();
  }
}

/** null: it is none. Throws what is wrong with one. */
async function caseIn(file: string): Promise<RegressionCase | null> {
  if (!file.endsWith(".json")) return null;
  const text = await readFile(file, "utf8");
  // A HAR is JSON too.
  const value = parseObject(text);
  if (value !== null && isObject(member(value, "log"))) return null;
  const read = parseCase(text);
  if (typeof read === "string") throw new Error(`${file} is no case: ${read}.`);
  return read;
}

async function searchesOf(session: Session, source: string, filter: Filter | undefined): Promise<KeptSearches> {
  const byRequest = new Map<string, KeptRequest>();
  const leftOut = new Map<string, number>();
  for await (const id of session.ids(filter)) {
    const detail = session.get(id);
    if (detail === null || detail.kind !== "search") continue;
    const decoded = session.decodedBody(id, "request");
    const why = obstacle(detail, decoded);
    if (why !== "") {
      leftOut.set(why, (leftOut.get(why) ?? 0) + 1);
      continue;
    }
    const request = requestOf(detail, source, new TextDecoder().decode(decoded ?? new Uint8Array()));
    const key = `${request.method} ${request.target}\n${request.body}`;
    byRequest.delete(key);
    byRequest.set(key, request);
  }
  return { searches: [...byRequest.values()], leftOut };
}

function obstacle(detail: ExchangeDetail, body: Uint8Array | null): string {
  if (detail.request.truncated || (body === null && detail.requestBytes > 0)) return "not captured whole";
  if (detail.path.includes(REDACTED)) return "with a credential in the URL that was not kept";
  if (route(detail.method, detail.path).id !== "") return "pages of scrolls and asynchronous searches";
  const value = body === null ? null : parseObject(new TextDecoder().decode(body));
  return value !== null && isObject(member(value, "pit")) ? "in a point in time that is over" : "";
}

function requestOf(detail: ExchangeDetail, source: string, body: string): KeptRequest {
  const { id, method, path, searches, verdict } = detail;
  const target = withoutScroll(synchronous(path.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "")));
  const headers = headersAgain(id, detail.request.headers).filter(
    ([name]) => name.toLowerCase() !== REPLAY_HEADER && name.toLowerCase() !== "content-encoding",
  );
  const before = searches.length === 0 ? [verdict] : searches.map(({ comparison }) => comparison.verdict);
  return { kind: "request", source, name: `#${id} ${method} ${target.split("?", 1)[0]}`, method, target, headers, body, before };
}

/** Nothing is to be left behind in Elasticsearch. */
function withoutScroll(target: string): string {
  const [path = "", query = ""] = target.split("?", 2);
  const rest = query.split("&").filter((pair) => pair !== "" && !/^scroll(=|$)/.test(pair));
  return rest.length === 0 ? path : `${path}?${rest.join("&")}`;
}
