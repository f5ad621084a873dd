// The command line of a server out of jars: --port and --heap; runs until Ctrl-C. Exit code 2 for an option that can't be read, 3 when
// the server could not be started.
import { parseArgs } from "node:util";
import type { ServerOptions, Started } from "../elasticsearch/server.ts";

/** Starts the server, prints `ready URL`, and resolves when it is gone. */
export async function runJars(
  start: (options: Omit<ServerOptions, "dataFolder">) => Promise<Started>,
  defaults: { readonly port: string; readonly heap: string },
): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: "string", default: defaults.port }, heap: { type: "string", default: defaults.heap } },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    console.error(`--port ${values.port}: give a number from 0 to 65535`);
    process.exit(2);
  }
  const started = await start({ port, heap: values.heap, say: (line) => console.error(line) });
  if (!started.ok) {
    console.error(started.why);
    process.exit(3);
  }
  console.log(`ready ${started.server.url}`);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void started.server.stop());
  await started.server.ended;
}
