// npm run elasticsearch -- [--port 9200] [--data DIR] [--heap 1g]
// A real Elasticsearch on 127.0.0.1 for trials and tests; runs until Ctrl-C.
import { parseArgs } from "node:util";
import { startElasticsearch } from "./elasticsearch/server.ts";

const { values } = parseArgs({
  options: { port: { type: "string", default: "9200" }, data: { type: "string" }, heap: { type: "string", default: "1g" } },
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`--port ${values.port}: give a number from 0 to 65535`);
  process.exit(2);
}
const started = await startElasticsearch({
  port,
  heap: values.heap,
  ...(values.data === undefined ? {} : { dataFolder: values.data }),
  say: (line) => console.error(line),
});
if (!started.ok) {
  console.error(started.why);
  process.exit(3);
}
console.log(`ready ${started.server.url} folder=${started.server.folder}`);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void started.server.stop());
await started.server.ended;
