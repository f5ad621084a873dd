// A real Elasticsearch with ES|QL (8.19.21), put together from the jars that Maven Central has (66 MB the first time). It has no
// GET /, no mapper of unsigned_long or scaled_float, no painless.
import type { ServerOptions, Started } from "../elasticsearch/server.ts";
import { startJars } from "../jars/server.ts";

const ESQL = {
  name: "Elasticsearch 8.19.21 with ES|QL",
  cached: "esql-8.19.21",
  sources: import.meta.dirname,
  main: "org.elasticsearch.node.Reference",
  options: ["-Des.set.netty.runtime.available.processors=false"],
} as const;

/** Starts the server; `why` says what is missing on this machine, or why it did not come up (with the end of its log). */
export function startEsql(options: Omit<ServerOptions, "dataFolder">): Promise<Started> {
  return startJars(ESQL, options);
}
