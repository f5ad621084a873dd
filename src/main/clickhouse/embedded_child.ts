// The process that is ClickHouse: loads the library and gives it the main thread for good. Run by embedded.ts as
//   node embedded_child.ts LIBRARY CONFIG DATA PORT
// A second thread reads stdin, a pipe that the parent holds open: its end means that the parent is gone, however it went,
// and then this process ends itself. It must be a thread, since the library's call never returns to the event loop.
import { readSync } from "node:fs";
import { isMainThread, Worker } from "node:worker_threads";
import { DataType, load, open } from "ffi-rs";

const LOOK_AGAIN_MS = 200;
/** Nothing is there yet; or a signal came, as `system.stack_trace` sends one to each thread. */
const NOT_THE_END: readonly unknown[] = ["EAGAIN", "EINTR"];

function serve(library: string, config: string, data: string, port: string): void {
  open({ library: "clickhouse", path: library });
  const args = [
    "clickhouse",
    `--config-file=${config}`,
    `--path=${data}`,
    `--http_port=${port}`,
    "--listen_host=127.0.0.1",
    "--multiquery",
    // The server lives as long as its own query: one row a second, for ever.
    "--query=SYSTEM START LISTEN HTTP; SELECT sleepEachRow(1) FROM numbers(1000000000) SETTINGS max_block_size=1 FORMAT Null",
  ];
  load({
    library: "clickhouse",
    funcName: "chdb_query_cmdline",
    retType: DataType.External,
    paramsType: [DataType.I32, DataType.StringArray],
    paramsValue: [args.length, args],
  });
}

function watchParent(): void {
  const parent = process.ppid;
  const clock = new Int32Array(new SharedArrayBuffer(4));
  const buffer = new Uint8Array(16);
  while (process.ppid === parent) {
    try {
      if (readSync(0, buffer) === 0) break;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && NOT_THE_END.includes(error.code))) break;
      Atomics.wait(clock, 0, 0, LOOK_AGAIN_MS);
    }
  }
  process.kill(process.pid, "SIGKILL");
}

if (isMainThread) {
  const [library = "", config = "", data = "", port = ""] = process.argv.slice(2);
  new Worker(new URL(import.meta.url)).once("online", () => {
    serve(library, config, data, port);
    // The other thread sits in a read that no exit() interrupts.
    process.kill(process.pid, "SIGKILL");
  });
} else {
  watchParent();
}
