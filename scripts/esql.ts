// npm run esql -- [--port 9201] [--heap 1g]
// A real Elasticsearch with ES|QL (8.19.21) on 127.0.0.1 for trials and parity tests; runs until Ctrl-C. A test tool under the Elastic
// License 2.0: fetched where it is used, never packaged.
import { startEsql } from "./esql/server.ts";
import { runJars } from "./jars/run.ts";

await runJars(startEsql, { port: "9201", heap: "1g" });
