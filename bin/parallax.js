#!/usr/bin/env node
// The launcher: runs the CLI under the pinned Node and passes signals on. It stays beside the engine, since a signal
// reaches only a main thread that is not stuck. The channel between the two ends with either of them: an engine whose
// launcher was killed ends itself.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { cliEntry, findNode } from "./node24.js";

const END_WITHIN_MS = 8_000;

const node = findNode();
if (node === undefined) {
  process.stderr.write(`Parallax needs Node 24 or later; this is ${process.version}. Run \`npm ci\` in the checkout: it brings its own.\n`);
  process.exit(2);
}
const child = spawn(node, ["--disable-warning=ExperimentalWarning", cliEntry(), ...process.argv.slice(2)], {
  stdio: ["inherit", "inherit", "inherit", "ipc"],
  env: { ...process.env, PARALLAX_LAUNCHER: String(process.pid) },
});

function end(signal) {
  child.kill(signal);
  // A stuck main thread hears no signal.
  setTimeout(() => child.kill("SIGKILL"), END_WITHIN_MS).unref();
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => end(signal));
if (process.connected) process.once("disconnect", () => end("SIGTERM"));
child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
