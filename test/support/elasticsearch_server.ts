// The reference Elasticsearch of the parity tests: the one that PARALLAX_TEST_ELASTICSEARCH names, else one of our own.
import { startElasticsearch } from "../../scripts/elasticsearch/server.ts";

export type TestElasticsearch =
  | { readonly ok: true; readonly url: string; stop(): Promise<void> }
  | { readonly ok: false; readonly why: string; stop(): Promise<void> };

const nothingToStop = async (): Promise<void> => undefined;

/** `why` says what this machine lacks (Java, Maven) or what went wrong. */
export async function startTestElasticsearch(): Promise<TestElasticsearch> {
  const given = process.env.PARALLAX_TEST_ELASTICSEARCH;
  if (given !== undefined && given !== "") return { ok: true, url: given, stop: nothingToStop };
  const started = await startElasticsearch({ port: 0, heap: "1g", say: (line) => process.stderr.write(`${line}\n`) });
  if (!started.ok) return { ok: false, why: started.why, stop: nothingToStop };
  return { ok: true, url: started.server.url, stop: () => started.server.stop() };
}
