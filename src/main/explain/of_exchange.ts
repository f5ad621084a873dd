// What is to be explained of a captured exchange: which of its searches, with the bodies that were kept of it.
import type { ExchangeDetail, SearchPart } from "../../shared/exchange.ts";
import { explainablePaths } from "../../shared/explanation.ts";
import { type JsonObject, parseObject } from "../../shared/json.ts";
import type { Session } from "../capture/session.ts";
import { UndecodableBody } from "../elasticsearch/body.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import { route } from "../elasticsearch/route.ts";
import { readAnswers, readSearches, type SearchRequest } from "../exchange/search_request.ts";
import { wholeBody } from "../translate/uri.ts";
import type { ToExplain } from "./backends.ts";

export type OfExchange = { readonly asked: ToExplain; readonly path: string } | { readonly code: string; readonly reason: string };

/** The search that `path` is about, by default the first that differs. */
export function ofExchange(session: Session, detail: ExchangeDetail, path?: string): OfExchange {
  const paths = (part: SearchPart) => explainablePaths(part.comparison).map((one) => one.path);
  const part = detail.searches.find((one) => (path === undefined ? paths(one).length > 0 : paths(one).includes(path)));
  const chosen = path ?? (part === undefined ? undefined : paths(part)[0]);
  if (part === undefined || chosen === undefined) {
    const where = path === undefined ? "" : ` at ${path}`;
    return { code: "not_differing", reason: `Nothing differs in exchange ${detail.id}${where}: there is nothing to explain.` };
  }
  const [sent, given] = [decoded(session, detail.id, "request"), decoded(session, detail.id, "elasticsearch")];
  if (sent === null || given === null) {
    return { code: "no_body", reason: `The bodies of exchange ${detail.id} are not kept any more, or can't be read.` };
  }
  const routed = route(detail.method, detail.path);
  const search = readSearches(routed, sent).searches[part.position];
  const { second } = part;
  const answer =
    second === undefined ? readAnswers(routed.endpoint, detail.status, given)(part.position).body : parseObject(second.elasticsearch);
  if (search === undefined || answer === null) return { code: "no_body", reason: `Exchange ${detail.id} was not captured whole.` };
  const elasticsearch = answer;
  const clickhouse = clickhouseAnswer(session, detail, part);
  const compared = second?.time ?? detail.time + (comparedAt(detail, part) ?? 0);
  return { asked: { part, search: inBody(search), elasticsearch, clickhouse, time: Math.floor(detail.time), compared }, path: chosen };
}

// A large one is a body of the exchange, with those of all its searches.
function clickhouseAnswer(session: Session, detail: ExchangeDetail, part: SearchPart): JsonObject {
  if (part.clickhouseBytes === undefined) return parseObject(part.clickhouse ?? "{}") ?? {};
  const text = decoded(session, detail.id, "clickhouse") ?? "{}";
  const endpoint = detail.searches.length > 1 ? "_msearch" : "_search";
  return readAnswers(endpoint, 200, text)(part.position).body ?? {};
}

function comparedAt({ timings }: ExchangeDetail, part: SearchPart): number | undefined {
  return part.timings?.translated ?? timings.translated ?? timings.compareStarted ?? timings.lastByte;
}

function decoded(session: Session, id: number, side: "request" | "elasticsearch" | "clickhouse"): string | null {
  try {
    const body = session.decodedBody(id, side);
    if (body === null) return side === "request" ? "" : null;
    return textOf(body);
  } catch (error) {
    if (error instanceof UndecodableBody) return null;
    throw error;
  }
}

/** What stands in the URL of a search, in its body: the drill-down narrows that. */
function inBody(search: SearchRequest): SearchRequest {
  if (search.endpoint === "esql") return search;
  return { ...search, body: wholeBody(search.body, search.params, search.endpoint) };
}
