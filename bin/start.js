#!/usr/bin/env node
// `npm start`: the app in Electron where its binary is there or can be had, else the same interface in the browser.
// Takes the flags of `parallax serve`.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ENGINE_ENVIRONMENT, findNode, ROOT } from "./node24.js";
import { onStackTraceSignal } from "./sigusr1.js";

const FETCH_LIMIT_MS = 120_000;
const args = process.argv.slice(2);
const node = findNode() ?? process.execPath;

function electronBinary() {
  const folder = join(ROOT, "node_modules", "electron");
  const name = join(folder, "path.txt");
  if (!existsSync(name)) return undefined;
  const binary = join(folder, "dist", readFileSync(name, "utf8").trim());
  return existsSync(binary) ? binary : undefined;
}

/** Asks Electron's own installer for the binary; some networks can't reach where it lies. */
function fetchElectron() {
  const installer = join(ROOT, "node_modules", "electron", "install.js");
  if (!existsSync(installer)) return;
  process.stdout.write("Fetching Electron's binary, once …\n");
  spawnSync(node, [installer], { cwd: ROOT, stdio: "ignore", timeout: FETCH_LIMIT_MS });
}

function newestChange(folder) {
  let newest = 0;
  for (const name of readdirSync(folder, { recursive: true })) newest = Math.max(newest, statSync(join(folder, name)).mtimeMs);
  return newest;
}

/** Builds what the sources are newer than: the page alone, or everything that Electron loads. */
function build(what, output, folders) {
  const built = existsSync(output) ? statSync(output).mtimeMs : 0;
  if (!existsSync(join(ROOT, "src")) || folders.every((folder) => newestChange(join(ROOT, folder)) < built)) return true;
  process.stdout.write("Building the page …\n");
  return spawnSync(node, [join(ROOT, "scripts", "build.ts"), ...what], { cwd: ROOT, stdio: "inherit" }).status === 0;
}

function hold(child) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => process.exit(code ?? 1));
}

function dataFolder() {
  const at = args.indexOf("--data");
  return at < 0 ? args.filter((arg) => arg.startsWith("--data=")) : args.slice(at, at + 2);
}

const headless = args.includes("--no-open") || (process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY);
if (!headless && electronBinary() === undefined) fetchElectron();
const electron = headless ? undefined : electronBinary();
if (electron !== undefined && build([], join(ROOT, "out", "main", "index.js"), ["src"])) {
  const env = { ...ENGINE_ENVIRONMENT, ...process.env };
  hold(spawn(electron, [ROOT, ...args], { stdio: "inherit", env }));
  // Electron's engine has a watchdog of its own; whoever signals this process means the same.
  onStackTraceSignal(() => spawn(node, [join(ROOT, "bin", "parallax.js"), "stacktrace", ...dataFolder()], { stdio: "ignore" }));
} else if (build(["renderer"], join(ROOT, "out", "renderer", "index.html"), ["src/renderer", "src/shared"])) {
  if (!headless) process.stdout.write("Electron's binary can't be had here: the same interface opens in the browser.\n");
  const open = headless || args.includes("--open") ? [] : ["--open"];
  const launcher = spawn(process.execPath, [join(ROOT, "bin", "parallax.js"), "serve", ...open, ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  hold(launcher);
  onStackTraceSignal(() => launcher.kill("SIGUSR1"));
} else {
  process.exit(1);
}
