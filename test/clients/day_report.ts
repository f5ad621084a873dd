// A line of figures for each way of a client's day.
import type { ExchangeSummary } from "../../src/shared/exchange.ts";
import type { JudgedSearch } from "../support/verdict_report.ts";

interface Way {
  /** `direct`, or the mode of Parallax. */
  readonly way: string;
  /** In its indices at the end. */
  readonly documents: number;
  readonly ms: number;
  /** Of the time straight to Elasticsearch. */
  readonly times?: number;
  readonly exchanges?: readonly ExchangeSummary[];
  readonly judged?: readonly JudgedSearch[];
}

const AGREEING: readonly string[] = ["equal", "equivalent"];
const REASON_LENGTH = 200;

/** Prints the line, and in mode `compare` one for each search that neither agrees. */
export function printDay(client: string, { way, documents, ms, times, exchanges = [], judged = [] }: Way): void {
  const requests = exchanges.length === 0 ? "" : `, ${exchanges.length} requests`;
  const ratio = times === undefined ? "" : `, ${times.toFixed(2)} times direct`;
  const counts = Object.entries(Object.groupBy(judged, ({ verdict }) => verdict)).map(([verdict, list]) => `${verdict} ${list.length}`);
  const verdicts = judged.length === 0 ? "" : `, ${judged.length} searches: ${counts.join(", ")}`;
  console.log(`${client}, ${way}: ${documents} documents${requests}, ${Math.round(ms)} ms${ratio}${verdicts}`);
  if (way !== "compare") return;
  for (const { name, verdict, reason } of judged.filter((one) => !AGREEING.includes(one.verdict))) {
    console.log(`  ${verdict} ${name}: ${reason.slice(0, REASON_LENGTH)}`);
  }
}
