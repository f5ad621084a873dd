// A recorded search as it is asked of Elasticsearch once more, with `profile: true`. What the request opened for its client is not opened again.
// Pure.
import type { HeaderPairs } from "../../../shared/exchange.ts";
import { isArray, isObject, type JsonObject, JsonSyntaxError, member, parseJson, printJson } from "../../../shared/json.ts";
import { REPLAY_HEADER } from "../../capture/rows.ts";
import { decodeBody, UndecodableBody } from "../../elasticsearch/body.ts";
import type { PassedRequest } from "../../elasticsearch/pass_on.ts";
import { textOf } from "../../elasticsearch/raw_json.ts";
import { type Route, route } from "../../elasticsearch/route.ts";
import { synchronous } from "../../exchange/shadow.ts";
import { headersAgain } from "../../replay/session_requests.ts";

export interface Recorded {
  readonly id: number;
  readonly method: string;
  readonly path: string;
  readonly headers: HeaderPairs;
  /** As sent. */
  readonly body: Uint8Array;
}

export type Reasked =
  | {
      readonly ok: true;
      readonly request: PassedRequest;
      /** What is asked in place of the request; "" for nothing else. */
      readonly instead: string;
    }
  | { readonly ok: false; readonly reason: string };

const NO = (reason: string): Reasked => ({ ok: false, reason });

/** True for what has a profile: a search, also one by a template. */
export function isSearch({ kind, endpoint, id }: Route): boolean {
  return kind === "search" || ((endpoint === "_search" || endpoint === "_msearch") && id === "template");
}

/** The request with `profile: true`, or why there can be none. */
export function withProfile(recorded: Recorded): Reasked {
  const routed = route(recorded.method, recorded.path);
  if (routed.id === "scroll") return NO("The next page of a scroll can't be asked a second time: each page is given once.");
  if (routed.endpoint === "_query" && routed.id !== "")
    return NO("An asynchronous ES|QL query can't be asked once more without leaving one behind.");
  try {
    const text = textOf(decodeBody(recorded.headers, recorded.body));
    return routed.endpoint === "_msearch" ? several(recorded, text) : one(recorded, routed, text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return NO(`The request's body is not JSON: ${error.message}.`);
    if (error instanceof UndecodableBody) return NO(`The request's body can't be read: ${error.message}.`);
    throw error;
  }
}

function one(recorded: Recorded, { endpoint, params }: Route, text: string): Reasked {
  const inUrl = text.trim() === "" && params.has("source");
  const body = read(inUrl ? (params.get("source") ?? "") : text);
  const count = endpoint === "_count";
  const asked: JsonObject = count ? { ...body, size: 0, track_total_hits: true, profile: true } : { ...body, profile: true };
  const target = without(synchronous(count ? recorded.path.replace(/_count(?=[/?]|$)/, "_search") : recorded.path), [
    ...["scroll", "request_cache", "filter_path"],
    ...(inUrl ? ["source", "source_content_type"] : []),
  ]);
  const instead = [
    ...(count ? ["a count has no profile: asked as a search without hits"] : []),
    ...(endpoint === "_async_search" ? ["asked as a plain search, so that nothing is left behind"] : []),
    ...(params.has("scroll") ? ["asked without its scroll"] : []),
  ].join("; ");
  return { ok: true, request: passed(recorded, target, printJson(asked)), instead };
}

function several(recorded: Recorded, text: string): Reasked {
  const lines = text.trimEnd().split("\n");
  const asked = lines.map((line, i) => (i % 2 === 0 ? line : printJson({ ...read(line), profile: true })));
  return { ok: true, request: passed(recorded, without(recorded.path, ["filter_path"]), `${asked.join("\n")}\n`), instead: "" };
}

function read(text: string): JsonObject {
  const value = text.trim() === "" ? {} : parseJson(text);
  if (!isObject(value)) throw new JsonSyntaxError("a search is no object");
  return value;
}

/** Whole answers are asked for, of their own connection, without what the request was captured by. */
function passed({ id, method, headers }: Recorded, target: string, body: string): PassedRequest {
  const own = headersAgain(id, headers).filter(([name]) => !NOT_AGAIN.has(name.toLowerCase()));
  return {
    method: method === "GET" ? "POST" : method,
    target,
    headers: [...own, ["content-type", typeOf(headers)]],
    body: Buffer.from(body),
  };
}

const NOT_AGAIN = new Set([REPLAY_HEADER, "content-encoding", "content-type"]);

function typeOf(headers: HeaderPairs): string {
  return headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "application/json";
}

function without(target: string, names: readonly string[]): string {
  const [path = "", query = ""] = target.split("?", 2);
  const kept = query
    .split("&")
    .filter((pair) => pair !== "" && ![...new URLSearchParams(pair).keys()].some((name) => names.includes(name)));
  return kept.length === 0 ? path : `${path}?${kept.join("&")}`;
}

/** An answer of Elasticsearch's without its profiles, to be compared as the request's own answer. */
export function withoutProfile(answer: JsonObject): JsonObject {
  const { profile: _profile, ...rest } = answer;
  const responses = member(rest, "responses");
  if (!isArray(responses)) return rest;
  return { ...rest, responses: responses.map((response) => (isObject(response) ? withoutProfile(response) : response)) };
}
