// The second reference of the parity tests: the OpenSearch that PARALLAX_TEST_OPENSEARCH names, else one of our own.
import { startOpenSearch } from "../../scripts/opensearch/server.ts";
import type { TestElasticsearch } from "./elasticsearch_server.ts";

const nothingToStop = async (): Promise<void> => undefined;

/** `why` says what this machine lacks (Java, Maven Central) or what went wrong. */
export async function startTestOpenSearch(): Promise<TestElasticsearch> {
  const given = process.env.PARALLAX_TEST_OPENSEARCH;
  if (given !== undefined && given !== "") return { ok: true, url: given, stop: nothingToStop };
  const started = await startOpenSearch({ port: 0, heap: "400m", say: (line) => process.stderr.write(`${line}\n`) });
  if (!started.ok) return { ok: false, why: started.why, stop: nothingToStop };
  return { ok: true, url: started.server.url, stop: () => started.server.stop() };
}
