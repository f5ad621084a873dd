// From the times of an exchange to the phases of its profile. Pure.
import type { ExchangeDetail, HeaderPairs, SearchPart, Timings } from "../../../shared/exchange.ts";
import type { ProfilePhase, WireBytes } from "../../../shared/exchange_profile.ts";

type Step = readonly [name: ProfilePhase["name"], by: ProfilePhase["by"], from: number | undefined, to: number | undefined];

/** The phases that happened, in order. */
export function phasesOf({ timings, searches }: Pick<ExchangeDetail, "timings" | "searches">): readonly ProfilePhase[] {
  const { requestSent, firstByte, lastByte, queued, taken, compareStarted } = timings;
  const before: readonly Step[] = [
    ["forward", "own", 0, requestSent],
    ["first byte", "es", requestSent ?? 0, firstByte],
    ["last byte", "es", firstByte, lastByte],
    ["hand over", "wait", lastByte, queued],
    ["queue", "wait", queued, taken],
    ["parse", "own", taken, compareStarted],
  ];
  const several = searches.length > 1;
  return [
    ...before.flatMap((step) => phase(step, null)),
    ...(several ? searches.flatMap((part) => searchPhases(part.timings ?? {}, part.position)) : searchPhases(timings, null)),
  ];
}

function searchPhases({ compareStarted, translated, clickhouseDone, shaped, matched }: Timings, search: number | null) {
  const steps: readonly Step[] = [
    ["translate", "own", compareStarted, translated],
    ["run", "ch", translated, clickhouseDone],
    ["shape", "own", clickhouseDone, shaped],
    ["match", "own", shaped ?? clickhouseDone ?? translated, matched],
  ];
  return steps.flatMap((step) => phase(step, search));
}

function phase([name, by, from, to]: Step, search: number | null): readonly ProfilePhase[] {
  return from === undefined || to === undefined || to < from ? [] : [{ name, by, search, from: micros(from), to: micros(to) }];
}

/** Whole µs of ms. */
export function micros(ms: number): number {
  return Math.round(ms * 1000);
}

/** When the last phase is over, µs. */
export function endOf(phases: readonly ProfilePhase[]): number {
  return Math.max(0, ...phases.map(({ to }) => to));
}

/** What went over the wire for an exchange. */
export function wireOf(detail: Pick<ExchangeDetail, "method" | "path" | "status" | "request" | "response" | "searches">): WireBytes {
  const { method, path, status, request, response } = detail;
  return {
    request: { head: headBytes(`${method} ${path} HTTP/${request.version}`, request.headers), body: request.bodyBytes },
    response:
      response === null
        ? null
        : { head: headBytes(`HTTP/${response.version} ${status} ${response.reason}`, response.headers), body: response.bodyBytes },
    clickhouse: clickhouseBytes(detail.searches),
  };
}

function headBytes(startLine: string, headers: HeaderPairs): number {
  return headers.reduce((sum, [name, value]) => sum + Buffer.byteLength(`${name}: ${value}\r\n`), Buffer.byteLength(startLine) + 4);
}

function clickhouseBytes(searches: readonly SearchPart[]): WireBytes["clickhouse"] {
  const runs = searches.flatMap(({ statements }) => statements).filter(({ sentBytes }) => sentBytes !== undefined);
  if (runs.length === 0) return null;
  const sum = (of: (run: (typeof runs)[number]) => number | undefined) => runs.reduce((total, run) => total + (of(run) ?? 0), 0);
  return { sent: sum((run) => run.sentBytes), received: sum((run) => run.receivedBytes) };
}
