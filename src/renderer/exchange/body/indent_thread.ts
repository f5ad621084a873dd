// The worker that lays out long texts. The build of shared files has indent_nowhere.ts in the place of this.
export function indentWorker(): Worker | null {
  return new Worker(new URL("./indent_worker.ts", import.meta.url), { type: "module" });
}
