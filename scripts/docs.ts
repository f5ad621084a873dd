// Writes the parts of the documents that come from the source:  npm run docs
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedPages } from "./docs/generated.ts";

for (const [name, text] of generatedPages()) writeFileSync(join(import.meta.dirname, "../docs", name), text);
