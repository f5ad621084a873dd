// node test/coverage/write.ts: writes docs/coverage.md anew after the tables in the code changed.
import { writePage } from "./page.ts";

writePage();
