// Stands for indent_thread.ts in a shared file, which is one file: there is no worker to load.
export function indentWorker(): Worker | null {
  return null;
}
