// `npm run dev`: the engine, restarted when its sources change, and the page with hot reload. Flags go to `parallax serve`.
import { spawn } from "node:child_process";
import { createServer } from "vite";
import { rendererConfig } from "../electron.vite.config.ts";

const UI_PORT = 9999;
const PAGE_PORT = 5173;

// The page comes from another port here, so the engine is asked for no token and sees its own name as Host.
const engine = spawn(
  process.execPath,
  [
    "--watch",
    "--inspect=127.0.0.1:9229",
    "--disable-warning=ExperimentalWarning",
    "src/main/cli.ts",
    "serve",
    "--no-token",
    "--no-open",
    `--ui-port=${UI_PORT}`,
    ...process.argv.slice(2),
  ],
  { stdio: "inherit" },
);
const server = await createServer({
  ...rendererConfig,
  server: {
    host: "127.0.0.1",
    port: PAGE_PORT,
    proxy: {
      "/api": {
        target: `http://127.0.0.1:${UI_PORT}`,
        changeOrigin: true,
        configure: (proxy) => proxy.on("proxyReq", (request) => request.removeHeader("origin")),
      },
    },
  },
});
await server.listen();
console.log(`The page with hot reload: http://127.0.0.1:${PAGE_PORT}`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    engine.kill(signal);
    void server.close().then(() => process.exit(0));
  });
}
