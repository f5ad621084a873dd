// A real Chromium for the tests of the window: Debian's, or the one that CHROMIUM names.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = [process.env.CHROMIUM ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browser's path; undefined where there is none. */
export function findBrowser(): string | undefined {
  return PLACES.find((place) => place !== "" && existsSync(place));
}

/** Why a test can't run here, false when it can. */
export const browserMissing: string | false = findBrowser() === undefined ? "no Chromium here (Debian: apt-get install chromium)" : false;

/** `flags`: further ones. */
export function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error("There is no Chromium here.");
  return chromium.launch({ executablePath, args: [...FLAGS, ...flags] });
}
