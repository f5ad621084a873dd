// The browser of the system.
import { spawn } from "node:child_process";

/** Opens `url`; where there is no browser, says so. */
export function openBrowser(url: string): void {
  const command = process.platform === "darwin" ? "open" : process.platform === "win32" ? "explorer" : "xdg-open";
  spawn(command, [url], { stdio: "ignore", detached: true })
    .on("error", () => process.stdout.write(`Open ${url} in a browser.\n`))
    .unref();
}
