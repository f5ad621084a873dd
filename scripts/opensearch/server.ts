// A real OpenSearch (3.8.0), put together from the jars that Maven Central has (71 MB the first time): the second reference, for what
// the Elasticsearch of the tests lacks.
import type { ServerOptions, Started } from "../elasticsearch/server.ts";
import { startJars } from "../jars/server.ts";

const OPENSEARCH = { name: "OpenSearch 3.8.0", cached: "opensearch-3.8.0", sources: import.meta.dirname, main: "Reference" } as const;

/** Starts the server; `why` says what is missing on this machine, or why it did not come up (with the end of its log). */
export function startOpenSearch(options: Omit<ServerOptions, "dataFolder">): Promise<Started> {
  return startJars(OPENSEARCH, options);
}
