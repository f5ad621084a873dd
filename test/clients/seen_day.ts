// What Parallax saw of a client's day: its exchanges, judged, and those that it does not know for what they are.
import assert from "node:assert/strict";
import { knownEffect } from "../../src/main/elasticsearch/effects.ts";
import { route } from "../../src/main/elasticsearch/route.ts";
import type { ExchangePage } from "../../src/shared/contract.ts";
import type { ExchangeSummary } from "../../src/shared/exchange.ts";
import { type ParallaxProcess, until } from "../support/parallax_process.ts";
import { type JudgedSearch, judgedSearches } from "../support/verdict_report.ts";

export interface SeenDay {
  /** Oldest first. */
  readonly exchanges: readonly ExchangeSummary[];
  readonly judged: readonly JudgedSearch[];
  /** In its indices at the end. */
  readonly documents: number;
}

const JUDGED_WITHIN_MS = 120_000;

/** The documents in the indices of `prefix`, once all are visible. */
export async function documentsOf(url: string, prefix: string, headers: Record<string, string> = {}): Promise<number> {
  await fetch(`${url}/${prefix}*/_refresh`, { method: "POST", headers });
  const answer = await fetch(`${url}/${prefix}*/_count`, { headers });
  assert.equal(answer.status, 200);
  return JSON.parse(await answer.text()).count;
}

/** A day that is over, once all of it has its verdict: up to a last count of its documents, which is judged, too. */
export async function seenDay(parallax: ParallaxProcess, prefix: string): Promise<SeenDay> {
  const end = `end of ${prefix}`;
  const documents = await documentsOf(parallax.proxyUrl, prefix, { "x-opaque-id": end });
  const page = await until(
    () => parallax.ask<ExchangePage>("/api/exchanges?limit=5000"),
    ({ exchanges }) =>
      exchanges.some(({ client, kind }) => client === end && kind === "search") &&
      exchanges.every(({ kind, verdict }) => kind !== "search" || verdict !== null),
    JUDGED_WITHIN_MS,
  );
  const oldest = page.exchanges.toReversed();
  const before = oldest.findLastIndex(({ client }) => client.startsWith("end of ") && client !== end);
  const exchanges = oldest.slice(before + 1);
  return { exchanges, documents, judged: await judgedSearches(parallax, exchanges) };
}

/** Every request is one that Parallax knows, or `others` names it, and has an answer that is none of a server's fault. */
export function holdToKnown({ exchanges }: SeenDay, others: readonly string[], way: string): void {
  const unknown = exchanges.filter(({ method, path, kind }) => kind === "other" || !hasEffect(method, path)).map(nameOf);
  assert.deepEqual(
    [...new Set(unknown)].filter((name) => !others.includes(name)),
    [],
    way,
  );
  assert.deepEqual(exchanges.filter(({ status }) => status === 0 || status >= 500).map(nameOf), [], way);
}

/** No search is called different or failed, and the count of its documents agrees, at least. */
export function holdToVerdicts({ judged }: SeenDay): void {
  assert.deepEqual(
    judged.filter(({ verdict }) => verdict === "different" || verdict === "failed"),
    [],
  );
  assert.ok(judged.some(({ verdict }) => verdict === "equal" || verdict === "equivalent"));
}

function hasEffect(method: string, path: string): boolean {
  const segments = (path.split("?", 1)[0] ?? "").split("/").filter((segment) => segment !== "");
  const at = segments.map(decodeURIComponent).indexOf(route(method, path).endpoint);
  return knownEffect(method, at === -1 ? [""] : segments.slice(at)) !== null;
}

function nameOf({ method, path, status }: ExchangeSummary): string {
  return `${method} ${path.split("?", 1)[0]} ${status}`;
}
