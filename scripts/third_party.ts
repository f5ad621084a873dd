// node scripts/third_party.ts: writes out/THIRD_PARTY.txt, the licences of all that a package of Parallax ships.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./packaging/config.ts";
import { noticesOf, shippedPackages } from "./packaging/notices.ts";

const shipped = shippedPackages(PROJECT);
mkdirSync(join(PROJECT, "out"), { recursive: true });
writeFileSync(join(PROJECT, "out", "THIRD_PARTY.txt"), noticesOf(shipped));
process.stdout.write(`out/THIRD_PARTY.txt: ${shipped.length} packages\n`);
