#!/usr/bin/env node
// The launcher: runs the CLI under the pinned Node and passes signals on. It stays beside the engine, since a signal
// reaches only a main thread that is not stuck: SIGUSR1 goes by a pipe to a thread of the engine, which writes a stack
// trace. The channel between the two ends with either of them: an engine whose launcher was killed ends itself.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { cliEntry, ENGINE_ENVIRONMENT, ENGINE_FLAGS, findNode, howToGetNode } from "./node24.js";
import { onStackTraceSignal } from "./sigusr1.js";

const END_WITHIN_MS = 8_000;

const node = findNode();
if (node === undefined) {
  process.stderr.write(`Parallax needs Node 24 or later; this is ${process.version}. ${howToGetNode()}\n`);
  process.exit(2);
}
// To Node itself SIGUSR1 means to open a debugger's port: the engine is told not to.
const flags = ["--disable-warning=ExperimentalWarning", "--disable-sigusr1", ...ENGINE_FLAGS];
const child = spawn(node, [...flags, cliEntry(), ...process.argv.slice(2)], {
  stdio: ["inherit", "inherit", "inherit", "ipc", "pipe"],
  env: { ...ENGINE_ENVIRONMENT, ...process.env, PARALLAX_LAUNCHER: String(process.pid), PARALLAX_SIGNAL_PIPE: "4" },
});
const signals = child.stdio[4];
signals.on("error", () => {});
onStackTraceSignal(() => signals.write("1"));

function end(signal) {
  child.kill(signal);
  // A stuck main thread hears no signal.
  setTimeout(() => child.kill("SIGKILL"), END_WITHIN_MS).unref();
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => end(signal));
if (process.connected) process.once("disconnect", () => end("SIGTERM"));
child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
