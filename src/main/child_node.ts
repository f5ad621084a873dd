// The Node that runs our child processes: the embedded ClickHouse and the process that takes SIGUSR1. Headless it is the one that runs us,
// in development Electron's own binary. The packaged app's binary is none (the fuse `runAsNode` is off): a Node lies among its resources,
// and the scripts and packages that it runs lie beside the archive, in which it can't read.
import { existsSync } from "node:fs";
import { join } from "node:path";

/** As much of `process` as decides it. */
export interface Runtime {
  readonly execPath: string;
  readonly platform: NodeJS.Platform;
  readonly versions: Readonly<Record<string, string | undefined>>;
  /** Electron, not packaged. */
  readonly defaultApp?: boolean;
  /** Electron's folder of what was packaged beside the app. */
  readonly resourcesPath?: string;
}

/** Where the packaging puts the Node: below the app's resources. */
export const PACKAGED_NODE = "node";

export interface ChildNode {
  readonly command: string;
  /** To be added to the child's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Throws in words where the packaged app has none: its own binary would start the app again. */
export function childNode(runtime: Runtime = process): ChildNode {
  if (runtime.versions.electron === undefined) return { command: runtime.execPath, env: {} };
  if (runtime.defaultApp === true) return { command: runtime.execPath, env: { ELECTRON_RUN_AS_NODE: "1" } };
  const command = join(runtime.resourcesPath ?? "", PACKAGED_NODE, runtime.platform === "win32" ? "node.exe" : "node");
  if (existsSync(command)) return { command, env: {} };
  throw new Error(`${command} is missing: this Parallax was packaged without the Node that its child processes need.`);
}

/** Where a file of the app can be read by other programs: beside the archive, once packaged. */
export function outsideArchive(file: string): string {
  return file.replace(/([\\/])app\.asar([\\/])/, "$1app.asar.unpacked$2");
}
