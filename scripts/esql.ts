// npm run esql -- [--port 9201] [--heap 1g]
// A real Elasticsearch with ES|QL (8.19.21) on 127.0.0.1 for trials and parity tests; runs until Ctrl-C. A test tool under the Elastic
// License 2.0: fetched where it is used, never packaged.
import { parseArgs } from "node:util";
import { startEsql } from "./esql/server.ts";

const { values } = parseArgs({ options: { port: { type: "string", default: "9201" }, heap: { type: "string", default: "1g" } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`--port ${values.port}: give a number from 0 to 65535`);
  process.exit(2);
}
const started = await startEsql({ port, heap: values.heap, say: (line) => console.error(line) });
if (!started.ok) {
  console.error(started.why);
  process.exit(3);
}
console.log(`ready ${started.server.url}`);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void started.server.stop());
await started.server.ended;
