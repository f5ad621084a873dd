// `npm run dev`: the engine, restarted when its sources change, and the page with hot reload. Needs no Electron. Flags go to `parallax serve`.
//   node scripts/dev.ts [--page-port 5173] [--inspect-port 9229] [FLAG …]
import { spawn } from "node:child_process";
import { createServer } from "vite";
import { rendererConfig } from "../electron.vite.config.ts";
import { ENGINE_PATHS } from "./engine_paths.ts";

const flags = process.argv.slice(2);

/** The number given by `--NAME N` or `--NAME=N`. */
function portOf(name: string, preset: number): number {
  const at = flags.findLastIndex((flag) => flag === `--${name}` || flag.startsWith(`--${name}=`));
  const given = at < 0 ? undefined : (flags[at]?.split("=")[1] ?? flags[at + 1]);
  return given === undefined ? preset : Number(given);
}

/** Takes the flags that are this script's own out of those for `serve`. */
function without(names: readonly string[]): readonly string[] {
  return flags.filter((flag, index) => {
    const isOwn = (word = ""): boolean => names.some((name) => word === `--${name}`);
    return !isOwn(flag) && !isOwn(flags[index - 1]) && !names.some((name) => flag.startsWith(`--${name}=`));
  });
}

const interfacePort = portOf("ui-port", 9999);
// The page comes from another port here, so the engine is asked for no token and sees its own name as Host.
const engine = spawn(
  process.execPath,
  [
    // Folders rather than what main imports: the threads' modules count, too.
    "--watch-path=src/main",
    "--watch-path=src/shared",
    "--watch-preserve-output",
    `--inspect=127.0.0.1:${portOf("inspect-port", 9229)}`,
    "--disable-warning=ExperimentalWarning",
    "src/main/cli.ts",
    "serve",
    "--no-token",
    "--no-open",
    `--ui-port=${interfacePort}`,
    ...without(["page-port", "inspect-port", "ui-port"]),
  ],
  { stdio: "inherit" },
);
const toEngine = {
  target: `http://127.0.0.1:${interfacePort}`,
  changeOrigin: true,
  configure: (proxy: { on(event: "proxyReq", listener: (request: { removeHeader(name: string): void }) => void): void }) =>
    proxy.on("proxyReq", (request) => request.removeHeader("origin")),
};
const server = await createServer({
  ...rendererConfig,
  server: {
    host: "127.0.0.1",
    port: portOf("page-port", 5173),
    proxy: Object.fromEntries(ENGINE_PATHS.map((path) => [path, toEngine])),
  },
});
await server.listen();
console.log(`The page with hot reload: ${server.resolvedUrls?.local[0] ?? ""}`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    engine.kill(signal);
    void server.close().then(() => process.exit(0));
  });
}
