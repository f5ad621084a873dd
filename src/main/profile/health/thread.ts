// The health thread: asks the engine how it is, hears signals and wishes from outside, and writes stack traces, whatever the main thread
// does. See health_thread.ts.
import { hostname } from "node:os";
import { join } from "node:path";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../../shared/thrown.ts";
import { uptimeInWords } from "../../../shared/uptime.ts";
import { rotatingFile } from "../../report/rotating_file.ts";
import { keepStackTrace } from "../stacks/kept_stack_traces.ts";
import type { Backends } from "../stacks/stack_trace.ts";
import type { Facts } from "../stacks/stack_trace_page.ts";
import { askHealth } from "./ask_health.ts";
import { HealthChecker } from "./checker.ts";
import { doorOf, openDoor, type StackTraceAnswer, type StackTraceWish } from "./door.ts";
import type { FromHealthThread, HealthThreadStart, ToHealthThread } from "./messages.ts";
import { hearSignals } from "./signals.ts";

const engine = parentPort;
if (isMainThread || engine === null) throw new Error("profile/health/thread.ts runs as a worker only: use HealthThread.");
const start: HealthThreadStart = workerData;
const tell = (message: FromHealthThread): void => engine.postMessage(message);
const problem = (message: string): void => tell({ kind: "problem", message });

const NOT_YET = "Parallax has not connected to it yet.";
/** Signals that come while stack traces are written; more are dropped. */
const WAITING_AT_MOST = 10;

let backends: Backends = { elasticsearch: NOT_YET, clickhouse: NOT_YET };
let waiting = 0;
let writing: Promise<unknown> = Promise.resolve();

// What a stack trace needs takes memory (some 15 MB) that most runs never need.
async function take(why: string): Promise<string> {
  const { takeStackTrace } = await import("../stacks/stack_trace.ts");
  const { stackTracePage } = await import("../stacks/stack_trace_page.ts");
  const trace = await takeStackTrace(why, backends);
  return stackTracePage(trace, facts());
}

function facts(): Facts {
  const { rss } = process.memoryUsage();
  return [
    ["Parallax", start.version],
    ["node_id", start.nodeId],
    ["process", `${process.pid} on ${hostname()}`],
    ["up", uptimeInWords(process.uptime() * 1000)],
    ["resident memory", `${(rss / 1024 ** 2).toFixed(1)} MiB`],
    ["Node.js", `${process.version} (V8 ${process.versions.v8}), ${process.platform} ${process.arch}`],
    ["data folder", start.data],
  ];
}

/** One after the other, so that each has a file of its own. null: too many wait. */
function keep(why: string): Promise<string> | null {
  if (waiting >= WAITING_AT_MOST) return null;
  waiting += 1;
  const written = writing.then(async () => {
    const file = await keepStackTrace(start.logs, await take(why));
    tell({ kind: "kept", file, why });
    return file;
  });
  writing = written.catch((error: unknown) => problem(`A stack trace can't be written: ${messageOf(error)}`)).finally(() => (waiting -= 1));
  return written;
}

async function answer(wish: StackTraceWish): Promise<StackTraceAnswer> {
  const why = "Asked for by `parallax stacktrace`.";
  if (!wish.keep) return { page: await take(why) };
  const file = await keep(why);
  return file === null ? { error: "Stack traces are being written already; try again in a moment." } : { file };
}

const log = rotatingFile(join(start.logs, "node_health.log"));
const ending = new AbortController();
const checker = new HealthChecker({
  ask: () => askHealth(start.interface.url, start.interface.token, start.timeoutMs),
  intervalMs: start.intervalMs,
  log,
  told: (check) => tell({ kind: "checked", check }),
  failed: (why) => void keep(`The health check failed: ${why}`)?.catch(() => {}),
});
const checking = checker.run(ending.signal);
const deaf = hearSignals(start.signalPipe, start, {
  signalled: () => void keep("Asked for by SIGUSR1.")?.catch(() => {}),
  watchdog: (pid) => tell({ kind: "watchdog", pid }),
  problem,
});
const door = openDoor(doorOf(start.data), answer);
door.catch((error: unknown) => problem(`\`parallax stacktrace\` can't be answered: ${messageOf(error)}`));

async function stop(): Promise<void> {
  ending.abort();
  deaf();
  const opened = await door.catch(() => null);
  opened?.close();
  await log.flushed();
  tell({ kind: "stopped" });
}

engine.on("message", (message: ToHealthThread) => {
  switch (message.kind) {
    case "backends":
      backends = message.backends;
      return;
    case "look":
      checker.look();
      return;
    case "take":
      void take(message.why).then((page) => tell({ kind: "taken", reply: message.reply, page }));
      return;
    case "ending":
      ending.abort();
      return;
    case "stop":
      void stop();
  }
});
void checking;
