// Rows, and an engine that lists those it has, for the tests of the list.
import assert from "node:assert/strict";
import type { Transport } from "../../../src/renderer/api/transport.ts";
import type { SessionRows } from "../../../src/renderer/traffic/session_rows.ts";
import type { ExchangePage, ExchangeQuery, ExchangeRanges } from "../../../src/shared/contract.ts";
import type { ExchangeSummary } from "../../../src/shared/exchange.ts";
import { fakeExchanges } from "../../support/fake_exchanges.ts";

const [sample] = fakeExchanges(1, 0);

export function row(id: number, note = ""): ExchangeSummary {
  assert.ok(sample !== undefined);
  return { ...sample.detail, id, note };
}

/** Newest first, both ends included. */
export const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => row(from - i));
export const ids = (rows: readonly ExchangeSummary[]) => rows.map(({ id }) => id);

/** The ids of all rows; null for those that are not here. */
export function idsOf(rows: SessionRows): readonly (number | null)[] {
  return Array.from({ length: rows.total }, (_, place) => rows.rowAt(place)?.id ?? null);
}

export interface Asked extends ExchangeQuery {
  readonly name: string;
}

/** An engine over rows in memory, with blocks of 100 ids. What it is asked is kept. */
export function memory(rows: ExchangeSummary[]): { readonly transport: Transport; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const call = (name: string, request: ExchangeQuery) => {
    asked.push({ name, ...request });
    return Promise.resolve({ ok: true, value: name === "exchanges.list" ? pageOf(rows, request) : rangesOf(rows, request) });
  };
  return { transport: transportOf(call), asked };
}

/** A transport that pushes nothing. */
export function transportOf(call: (name: string, request: ExchangeQuery) => Promise<unknown>): Transport {
  return { call: call as never, on: () => () => undefined, onConnection: () => () => undefined };
}

function pageOf(rows: readonly ExchangeSummary[], query: ExchangeQuery): ExchangePage {
  const { before = Number.POSITIVE_INFINITY, after = -1, limit = 200, oldestFirst = false } = query;
  const between = rows.filter(({ id }) => id < before && id > after).toSorted((a, b) => (oldestFirst ? a.id - b.id : b.id - a.id));
  const exchanges = between.slice(0, limit);
  return { exchanges, next: between.length > limit ? (exchanges.at(-1)?.id ?? null) : null, total: rows.length };
}

function rangesOf(rows: readonly ExchangeSummary[], { before = 0 }: ExchangeQuery): ExchangeRanges {
  const ranges: { after: number; count: number }[] = [];
  for (let upTo = before - 1; upTo >= 0; ) {
    const after = Math.floor((upTo - 1) / 100) * 100 - 1 < 0 ? -1 : Math.floor((upTo - 1) / 100) * 100 - 1;
    ranges.push({ after, count: rows.filter(({ id }) => id > after && id <= upTo).length });
    upTo = after;
  }
  return { ranges, next: null, counted: true };
}
