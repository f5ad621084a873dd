// A folder that passes for Electron's release on Linux to whoever packages it: a file with a wire of fuses instead of the binary.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Marks the wire in the binary, as @electron/fuses looks for it. */
const SENTINEL = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";
const WIRE_VERSION = 1;

/** Writes it, with a wire of `fuses` fuses that are all on. */
export function writeElectronStandIn(folder: string, fuses: number): void {
  mkdirSync(join(folder, "resources"), { recursive: true });
  mkdirSync(join(folder, "locales"));
  const wire = Buffer.concat([Buffer.from(SENTINEL), Buffer.from([WIRE_VERSION, fuses]), Buffer.from("1".repeat(fuses))]);
  writeFileSync(join(folder, "electron"), wire, { mode: 0o755 });
  writeFileSync(join(folder, "LICENSE"), "");
  writeFileSync(join(folder, "locales", "en-US.pak"), "");
}

/** The fuses of a packaged binary, in the wire's order: `0` off, `1` on. */
export function fusesOf(binary: Buffer): string {
  const at = binary.indexOf(SENTINEL) + SENTINEL.length;
  return binary.subarray(at + 2, at + 2 + (binary[at + 1] ?? 0)).toString();
}
