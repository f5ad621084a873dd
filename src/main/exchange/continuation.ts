// What of Elasticsearch's answer tells how its client may go on: by which id, from which hit. Pure.
import { isArray, isObject, type JsonObject, type JsonValue, member, printJson } from "../../shared/json.ts";
import type { SearchAnswer } from "./search_request.ts";

export interface Continuation {
  readonly status: number;
  /** "" or what is said of a moment that Elasticsearch no longer holds. */
  readonly lost: string;
  /** As the answer gives it anew; null where it does not. */
  readonly pitId: string | null;
  readonly scrollId: string | null;
  /** How many hits the answer shows, and the sort values of the last. */
  readonly hits: number;
  readonly lastSort: JsonValue | null;
}

export function continuationOf({ status, body }: SearchAnswer): Continuation {
  const hits = hitsOf(body);
  const last = hits.at(-1);
  return {
    status,
    lost: lostBy({ status, body }),
    pitId: textMember(body, "pit_id"),
    scrollId: textMember(body, "_scroll_id"),
    hits: hits.length,
    lastSort: isObject(last) ? (member(last, "sort") ?? null) : null,
  };
}

function textMember(body: JsonObject | null, name: string): string | null {
  const value = body === null ? undefined : member(body, name);
  return typeof value === "string" ? value : null;
}

function hitsOf(body: JsonObject | null): readonly JsonValue[] {
  const container = body === null ? undefined : member(body, "hits");
  const hits = isObject(container) ? member(container, "hits") : undefined;
  return isArray(hits) ? hits : [];
}

function lostBy({ status, body }: SearchAnswer): string {
  const lost = status === 404 && body !== null && printJson(body).includes("search_context_missing_exception");
  return lost ? "Elasticsearch no longer holds the moment: its time was over" : "";
}
