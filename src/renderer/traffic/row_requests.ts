// Questions of the list that take more than one request where bodies are searched piece by piece.
import type { ExchangeSummary } from "../../shared/exchange.ts";
import { ask } from "../api/ask.ts";
import type { Transport } from "../api/transport.ts";
import { both } from "./filter_language.ts";
import type { IdsBetween } from "./session_rows.ts";

export const LARGEST_PAGE = 5000;
const MISMATCH = "~verdict different | ~verdict failed";
const NO_MORE = Object.freeze({ exchanges: [], next: null });

/** All rows that pass between two ids; null as soon as they are not wanted any more. Throws EngineError. */
export async function rowsBetween(
  transport: Transport,
  filter: string,
  ids: IdsBetween,
  isWanted: () => boolean,
): Promise<readonly ExchangeSummary[] | null> {
  const found: ExchangeSummary[] = [];
  let { before } = ids;
  for (;;) {
    const page = await ask(transport, "exchanges.list", { filter, limit: LARGEST_PAGE, after: Math.max(0, ids.after), before });
    if (!isWanted()) return null;
    found.push(...page.exchanges);
    if (page.next === null) return found;
    before = page.next;
  }
}

/** The next exchange down (1) or up (-1) the list whose answers differ or failed; null when there is none, or the engine is away. */
export async function nextMismatch(transport: Transport, filter: string, from: number | null, step: 1 | -1): Promise<number | null> {
  let next = from ?? Number.MAX_SAFE_INTEGER;
  for (;;) {
    const bounds = step === 1 ? { after: 0, before: next } : { after: next, oldestFirst: true };
    const page = await ask(transport, "exchanges.list", { filter: both(filter, MISMATCH), limit: 1, ...bounds }).catch(() => NO_MORE);
    const [found] = page.exchanges;
    if (found !== undefined || page.next === null) return found?.id ?? null;
    next = page.next;
  }
}
