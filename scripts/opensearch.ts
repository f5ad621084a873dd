// npm run opensearch -- [--port 9202] [--heap 512m]
// A real OpenSearch (3.8.0) on 127.0.0.1 for trials and parity tests; runs until Ctrl-C. A test tool under Apache-2.0: fetched where it
// is used, never packaged.
import { runJars } from "./jars/run.ts";
import { startOpenSearch } from "./opensearch/server.ts";

await runJars(startOpenSearch, { port: "9202", heap: "512m" });
