// Hears signals in a thread, to which the system brings none: from the launcher by a pipe, else from a watchdog of our own.
import { type ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { type ChildNode, outsideArchive } from "../../child_node.ts";
import type { HealthThreadStart } from "./messages.ts";

export interface SignalListener {
  /** SIGUSR1 has come. */
  signalled(): void;
  /** The process that is to be signalled runs now. */
  watchdog(pid: number): void;
  problem(message: string): void;
}

/** `pipe`: a descriptor of the launcher's, on which each octet is a signal. Returns the way to end it. */
export function hearSignals(
  pipe: number | null,
  { data, node }: Pick<HealthThreadStart, "data" | "node">,
  listener: SignalListener,
): () => void {
  if (pipe !== null) {
    const socket = new Socket({ fd: pipe, readable: true, writable: false });
    socket.on("data", (octets) => {
      for (const _ of octets) listener.signalled();
    });
    socket.on("error", (error) => listener.problem(`Signals are not heard any more: ${error.message}`));
    return () => socket.destroy();
  }
  // Windows knows no SIGUSR1.
  if (process.platform === "win32") return () => {};
  const child = startWatchdog(data, node, listener);
  return () => child.stdin?.destroy();
}

const LISTENS = "0".charCodeAt(0);

function startWatchdog(data: string, node: ChildNode, listener: SignalListener): ChildProcess {
  const script = outsideArchive(fileURLToPath(new URL("./watchdog.ts", import.meta.url)));
  const child = spawn(node.command, ["--disable-warning=ExperimentalWarning", script, data], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, ...node.env },
  });
  child.stdout?.on("data", (octets: Buffer) => {
    for (const octet of octets) {
      if (octet === LISTENS) listener.watchdog(child.pid ?? 0);
      else listener.signalled();
    }
  });
  for (const stream of [child.stdin, child.stdout]) stream?.on("error", () => {});
  child.on("error", (error) => listener.problem(`No process could be started that takes SIGUSR1: ${error.message}`));
  return child;
}
