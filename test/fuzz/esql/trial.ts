// One generated ES|QL request on both engines, judged by the product's matcher and by the naive comparison.
import { isObject, type JsonObject, member } from "../../../src/shared/json.ts";
import { runEsql, shownBody } from "../../support/esql_engines.ts";
import type { Loaded } from "../../support/two_engines.ts";
import type { Outcome, Trial } from "../trial.ts";
import { compareTables } from "./compare.ts";

/** What ends a query by the documentation. */
const SAID_SO = /which rows this LIMIT keeps|outside of ClickHouse.s calendar|letters of several code points|a day that its month lacks/;

export async function tryPipeline(loaded: Loaded, body: JsonObject): Promise<Trial> {
  const trial = (outcome: Outcome, why: string): Trial => ({ outcome, reason: why.slice(0, 600), elasticsearch: null, clickhouse: null });
  try {
    const { elasticsearch, translation, answer, comparison } = await runEsql([loaded], body);
    if (member(elasticsearch, "is_partial") === true) return trial("not_compared", "Elasticsearch's answer is partial");
    const error = member(elasticsearch, "error");
    const refusal = isObject(error) ? `${String(member(error, "type"))}: ${String(member(error, "reason"))}` : null;
    if (refusal?.startsWith("arithmetic_exception")) return trial("not_compared", "an overflow ended Elasticsearch's query");
    if (refusal?.includes("Does not support yet aggregations over constants")) return trial("not_compared", refusal);
    if (translation.kind === "unsupported") return trial("unsupported", translation.unsupported[0]?.reason ?? "");
    if (translation.kind === "rejected") {
      const { errorType, reason } = translation.error;
      if (refusal === null) return trial("different", `refused alone, ${errorType}: ${reason}`);
      return refusal.startsWith(`${errorType}:`) ? trial("refused", "") : trial("different", `${errorType}: ${reason} <> ${refusal}`);
    }
    if (comparison === null || answer === null) return trial("different", `Elasticsearch refused: ${refusal}`);
    const { verdict, differences } = comparison;
    const naive = compareTables(body, elasticsearch, shownBody(body, answer.body));
    const [first] = differences;
    const where = first === undefined ? "" : `${first.path}: ${first.elasticsearch ?? "nothing"} <> ${first.clickhouse ?? "nothing"}`;
    if (verdict === "equal" || verdict === "equivalent") return naive === "" ? trial(verdict, "") : trial("wrong", naive);
    return naive === "" ? trial("overlooked", where) : trial("different", `${where} ${naive}`);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return trial(SAID_SO.test(message) ? "unsupported" : "failed", message);
  }
}
