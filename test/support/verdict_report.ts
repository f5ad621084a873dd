// Verdicts of many searches: counted, printed as a table with the reason of each that is not the same, and held to a measure.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { ExchangePage, Verdicts } from "../../src/shared/contract.ts";
import type { ExchangeDetail, ExchangeSummary, Verdict } from "../../src/shared/exchange.ts";
import type { ParallaxProcess } from "./parallax_process.ts";

export interface JudgedSearch {
  readonly name: string;
  readonly verdict: Verdict;
  readonly reason: string;
}

/** Shares and numbers that must hold. */
export interface Measure {
  /** Least share of `equal` and `equivalent`. */
  readonly agreeing: number;
  readonly searches: number;
}

/** Waits until every search played has its verdict, then reads them all. Bounded: gives what is there after two minutes. */
export async function verdictsOf(parallax: ParallaxProcess, searches: number): Promise<JudgedSearch[]> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const { total } = await parallax.ask<Verdicts>("/api/verdicts");
    if (total >= searches || Date.now() > deadline) break;
    await pause(250);
  }
  const page = await parallax.ask<ExchangePage>("/api/exchanges?limit=5000");
  return judgedSearches(parallax, page.exchanges);
}

/** The verdict of each search among `exchanges`, as far as it has one. */
export async function judgedSearches(parallax: ParallaxProcess, exchanges: readonly ExchangeSummary[]): Promise<JudgedSearch[]> {
  const judged: JudgedSearch[] = [];
  for (const summary of exchanges.filter(({ kind }) => kind === "search")) {
    const detail = await parallax.ask<ExchangeDetail>(`/api/exchanges/${summary.id}`);
    for (const part of detail.searches) {
      const { verdict, reason, differences, unsupported } = part.comparison;
      const first = differences[0];
      const where = first === undefined ? "" : ` at ${first.path}: ${first.elasticsearch ?? "nothing"} <> ${first.clickhouse ?? "nothing"}`;
      const clauses = unsupported.map((clause) => ` ${clause.pointer}: ${clause.reason}`).join(";");
      judged.push({
        name: `#${summary.id} ${summary.method} ${summary.path.slice(0, 40)}`,
        verdict,
        reason: `${reason}${where}${clauses}`,
      });
    }
  }
  return judged;
}

/** Prints the counts, and a line for each search that is neither equal nor equivalent. */
export function printVerdicts(title: string, judged: readonly JudgedSearch[]): void {
  const counts = Object.entries(Object.groupBy(judged, ({ verdict }) => verdict)).map(([verdict, list]) => `${verdict} ${list.length}`);
  console.log(`${title}: ${judged.length} searches: ${counts.join(", ")}`);
  for (const { name, verdict, reason } of judged) {
    if (verdict !== "equal" && verdict !== "equivalent") console.log(`  ${verdict.padEnd(12)} ${name}  ${reason.slice(0, 260)}`);
  }
}

/** Enough searches, enough of them the same, none failed. */
export function holdTo(measure: Measure, judged: readonly JudgedSearch[]): void {
  assert.ok(judged.length >= measure.searches, `${judged.length} of ${measure.searches} searches have a verdict`);
  const failed = judged.filter(({ verdict }) => verdict === "failed");
  assert.deepEqual(failed, [], "none may fail");
  const agreeing = judged.filter(({ verdict }) => verdict === "equal" || verdict === "equivalent").length;
  assert.ok(
    agreeing >= measure.agreeing * judged.length,
    `${agreeing} of ${judged.length} searches agree: less than ${measure.agreeing * 100} %`,
  );
  for (const search of judged)
    assert.ok(search.verdict === "equal" || search.reason !== "", `${search.name}: ${search.verdict} without a reason`);
}
