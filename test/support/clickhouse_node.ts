// One server of a ClickHouse cluster for tests: the embedded one's library, with its native protocol too. Run by clickhouse_cluster.ts as
//   node clickhouse_node.ts LIBRARY CONFIG DATA HTTP_PORT TCP_PORT
// Ends itself when its parent is gone, on a thread of its own, since the library's call never returns.
import { isMainThread, Worker } from "node:worker_threads";
import { DataType, load, open } from "ffi-rs";

const LOOK_MS = 250;
const LISTEN = "SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP;";
const FOR_EVER = "SELECT sleepEachRow(1) FROM numbers(1000000000) SETTINGS max_block_size=1 FORMAT Null";

if (isMainThread) {
  const [library = "", config = "", data = "", http = "", tcp = ""] = process.argv.slice(2);
  new Worker(new URL(import.meta.url)).once("online", () => {
    open({ library: "clickhouse", path: library });
    const args = [
      "clickhouse",
      `--config-file=${config}`,
      `--path=${data}`,
      `--http_port=${http}`,
      `--tcp_port=${tcp}`,
      "--listen_host=127.0.0.1",
      "--multiquery",
      `--query=${LISTEN} ${FOR_EVER}`,
    ];
    load({
      library: "clickhouse",
      funcName: "chdb_query_cmdline",
      retType: DataType.External,
      paramsType: [DataType.I32, DataType.StringArray],
      paramsValue: [args.length, args],
    });
    process.kill(process.pid, "SIGKILL");
  });
} else {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  }, LOOK_MS);
}
