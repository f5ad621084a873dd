// How the three bundles are made: main and preload for Electron, the renderer for Electron and the browser alike.
// electron-vite reads this file in development; scripts/build.ts gives the same configurations to Vite itself, since
// electron-vite refuses to build where Electron's binary is absent.
import { globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { InlineConfig, Plugin } from "vite";
import { CONTENT_SECURITY_POLICY } from "./src/main/contract/page.ts";

const root = fileURLToPath(new URL("./", import.meta.url));
const rendererRoot = `${root}src/renderer`;

/** Every package and Node module stays an import: main runs beside node_modules. */
const isExternal = (id: string) => id === "electron" || id.startsWith("node:") || builtinModules.includes(id) || /^[@a-z]/.test(id);

/** A worker is named by `new URL("./x.ts", import.meta.url)`; in the output the file beside it ends in `.js`. */
const workerNames: Plugin = {
  name: "worker-names",
  renderChunk: (code) => ({ code: code.replaceAll(/(new URL\("\.{1,2}\/[^"]+)\.ts"/g, '$1.js"'), map: null }),
};

/** The sample's recording lies beside the module that reads it. */
const recording: Plugin = {
  name: "recording",
  generateBundle() {
    const folder = "src/main/sample/recording";
    for (const file of globSync(`${folder}/*`, { cwd: root })) {
      this.emitFile({ type: "asset", fileName: file.replace(/^src\//, ""), source: readFileSync(root + file) });
    }
  },
};

/** Main keeps one output file a source file, so that workers and `import.meta.url` find their neighbours. */
export const mainConfig: InlineConfig = {
  root,
  configFile: false,
  publicDir: false,
  plugins: [workerNames, recording],
  build: {
    ssr: true,
    outDir: `${root}out`,
    emptyOutDir: false,
    target: "node24",
    minify: false,
    // Profiles and stack traces name the sources.
    sourcemap: true,
    rollupOptions: {
      input: globSync("src/main/**/*.ts", { cwd: root }).map((file) => root + file),
      external: isExternal,
      output: { format: "es", preserveModules: true, preserveModulesRoot: `${root}src`, entryFileNames: "[name].js" },
    },
  },
};

/** A sandboxed preload can't be ESM. */
export const preloadConfig: InlineConfig = {
  root,
  configFile: false,
  publicDir: false,
  build: {
    ssr: true,
    outDir: `${root}out/preload`,
    emptyOutDir: true,
    target: "node24",
    minify: false,
    rollupOptions: {
      input: `${root}src/preload/index.ts`,
      external: ["electron"],
      output: { format: "cjs", entryFileNames: "index.cjs" },
    },
  },
};

// A page from a file has no headers: it carries the policy itself. `frame-ancestors` counts in a header only.
const policy: Plugin = {
  name: "content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: CONTENT_SECURITY_POLICY.replace(/; frame-ancestors [^;]*/, "") },
      injectTo: "head-prepend",
    },
  ],
};

// The flame graph viewer, as its package ships it: served by the interface at /speedscope/, with no part of it in our bundle.
const speedscope: Plugin = {
  name: "speedscope",
  apply: "build",
  generateBundle() {
    const folder = `${root}node_modules/speedscope/dist/release`;
    const shipped = globSync("*.{html,js,css,png,ico,woff2,wasm,md,txt}", { cwd: folder }).filter((name) => !name.startsWith("perf-"));
    for (const name of shipped) this.emitFile({ type: "asset", fileName: `speedscope/${name}`, source: readFileSync(`${folder}/${name}`) });
  },
};

/** Relative addresses, so that the page works from a file and from 127.0.0.1 alike. */
export const rendererConfig: InlineConfig = {
  root: rendererRoot,
  configFile: false,
  base: "./",
  publicDir: false,
  plugins: [react(), policy, speedscope],
  worker: { format: "es" },
  build: {
    outDir: `${root}out/renderer`,
    emptyOutDir: true,
    target: "chrome120",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
    rollupOptions: { input: `${rendererRoot}/index.html` },
  },
};

/** One page without anything beside it: what it names is put into it. */
const inOneFile: Plugin = {
  name: "in-one-file",
  enforce: "post",
  generateBundle(_options, bundle) {
    const page = Object.values(bundle).find((file) => file.type === "asset" && file.fileName.endsWith(".html"));
    if (page?.type !== "asset") return;
    let html = String(page.source);
    for (const [name, file] of Object.entries(bundle)) {
      if (file === page) continue;
      // Neither may end the element that it stands in, nor begin a comment.
      if (file.type === "chunk" && file.isEntry) {
        // What is imported when it is shown is here already: nothing is loaded before it.
        const whole = file.code.replaceAll("__VITE_PRELOAD__", "[]");
        const code = whole.replaceAll("</script", "<\\/script").replaceAll("<!--", "\\x3C!--");
        html = html
          .replace(/<script type="module"[^>]*><\/script>/, "")
          .replace("</body>", () => `<script type="module">${code}</script></body>`);
      } else if (file.type === "asset" && name.endsWith(".css")) {
        html = html.replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${String(file.source)}</style>`);
      } else continue;
      delete bundle[name];
    }
    page.source = html;
  },
};

/** A module of shared files in the place of one that would load another file. */
const noWorker: Plugin = {
  name: "no-worker",
  enforce: "pre",
  resolveId: (id) => (id.endsWith("/indent_thread.ts") ? `${rendererRoot}/exchange/body/indent_nowhere.ts` : null),
};

/** The page of shared files, one file; it lies beside the window's. */
export const sharedConfig: InlineConfig = {
  ...rendererConfig,
  plugins: [react(), noWorker, inOneFile],
  build: {
    ...rendererConfig.build,
    emptyOutDir: false,
    cssCodeSplit: false,
    rollupOptions: { input: `${rendererRoot}/shared.html`, output: { codeSplitting: false } },
  },
};

export default { main: mainConfig, preload: preloadConfig, renderer: rendererConfig };
