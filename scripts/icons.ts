// node scripts/icons.ts: draws packaging/icons/icon.svg in a Chromium and writes icon.png, icon.ico and icon.icns beside it.
import { readFileSync, writeFileSync } from "node:fs";
import { launchBrowser } from "../test/support/browser.ts";
import { icnsOf, icoOf, type Picture } from "./packaging/icon_files.ts";

const FOLDER = new URL("packaging/icons/", import.meta.url);
const SIZES = [16, 32, 48, 64, 128, 256, 512, 1024];
/** Of the picture that Linux is given. */
const LINUX_SIZE = 512;

const svg = readFileSync(new URL("icon.svg", FOLDER), "utf8");
const browser = await launchBrowser();
const page = await browser.newPage();
const pictures: Picture[] = [];
for (const size of SIZES) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: ${size}px; height: ${size}px }</style>${svg}`);
  pictures.push({ size, png: await page.screenshot({ omitBackground: true }) });
}
await browser.close();
const linux = pictures.find(({ size }) => size === LINUX_SIZE);
if (linux !== undefined) writeFileSync(new URL("icon.png", FOLDER), linux.png);
writeFileSync(new URL("icon.ico", FOLDER), icoOf(pictures));
writeFileSync(new URL("icon.icns", FOLDER), icnsOf(pictures));
