// `parallax import FILE.har`: a HAR becomes a session, shown by the Parallax that runs or written to a file.
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { messageOf } from "../../shared/thrown.ts";
import { importHar } from "../capture/har/import.ts";
import { VerbFailure } from "./running_parallax.ts";
import { readVerbOptions, runVerb } from "./verb_options.ts";

/** Runs the verb; returns the exit code. */
export function importCommand(argv: readonly string[]): Promise<number> {
  return runVerb("import", async () => {
    const { names, text, parallax } = readVerbOptions("import", argv, { out: "string" });
    const [har] = names;
    if (har === undefined || names.length > 1) throw new VerbFailure(2, "Which HAR? parallax import FILE.har [--out FILE.parallax]");
    const out = text("out");
    if (out === null) {
      const { session, capture } = await parallax.call("session.open", { file: resolve(har) });
      process.stdout.write(`${capture.exchanges} exchanges are shown, from ${session.file}\n`);
      return 0;
    }
    if (existsSync(out)) throw new VerbFailure(2, `${out} exists. Choose another name for the session.`);
    try {
      const { exchanges } = await importHar(har, out);
      process.stdout.write(`${exchanges} exchanges in ${out}\n`);
      return 0;
    } catch (error) {
      for (const suffix of ["", "-wal", "-shm"]) await rm(out + suffix, { force: true });
      throw new VerbFailure(2, `${har} can't be imported: ${messageOf(error)}`);
    }
  });
}
