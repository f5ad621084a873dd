#!/usr/bin/env node
// The launcher: runs the CLI under the pinned Node and passes signals on. It stays beside the engine, since a signal
// reaches only a main thread that is not stuck.
import { spawn } from "node:child_process";
import { cliEntry, findNode } from "./node24.js";

const node = findNode();
if (node === undefined) {
  process.stderr.write(`Parallax needs Node 24 or later; this is ${process.version}. Run \`npm ci\` in the checkout: it brings its own.\n`);
  process.exit(2);
}
const child = spawn(node, ["--disable-warning=ExperimentalWarning", cliEntry(), ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...process.env, PARALLAX_LAUNCHER: String(process.pid) },
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
