// The reference of the ES|QL tests: the one that PARALLAX_TEST_ESQL names, else one of our own.
import { startEsql } from "../../scripts/esql/server.ts";
import type { TestElasticsearch } from "./elasticsearch_server.ts";

const nothingToStop = async (): Promise<void> => undefined;

/** `why` says what this machine lacks (Java, Maven Central) or what went wrong. */
export async function startTestEsql(): Promise<TestElasticsearch> {
  const given = process.env.PARALLAX_TEST_ESQL;
  if (given !== undefined && given !== "") return { ok: true, url: given, stop: nothingToStop };
  const started = await startEsql({ port: 0, heap: "512m", say: (line) => process.stderr.write(`${line}\n`) });
  if (!started.ok) return { ok: false, why: started.why, stop: nothingToStop };
  return { ok: true, url: started.server.url, stop: () => started.server.stop() };
}
