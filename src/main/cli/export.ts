// `parallax export`: captured exchanges as a HAR, from a running Parallax or from a session file.
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { messageOf } from "../../shared/thrown.ts";
import { writeHar } from "../capture/har/write.ts";
import { compileFilter } from "../capture/index.ts";
import type { Filter } from "../capture/types.ts";
import { openRecorded } from "../replay/open_recorded.ts";
import { VerbFailure } from "./running_parallax.ts";
import { readVerbOptions, runVerb, type VerbOptions } from "./verb_options.ts";
import { version } from "./version.ts";

/** Runs the verb; returns the exit code. */
export function exportCommand(argv: readonly string[]): Promise<number> {
  return runVerb("export", async () => {
    const options = readVerbOptions("export", argv, { out: "string", session: "string", filter: "string", "keep-secrets": "boolean" });
    if (options.names.length > 0)
      throw new VerbFailure(2, `What is "${options.names[0]}"? parallax export [--session FILE] [--out FILE.har]`);
    await writeTo(options.text("out") ?? "-", () => harText(options));
    return 0;
  });
}

async function* harText(options: VerbOptions): AsyncGenerator<string | Uint8Array> {
  const file = options.text("session");
  const filter = options.text("filter");
  const redact = !options.has("keep-secrets");
  if (file === null) {
    yield* await options.parallax.read(
      `/api/har?${new URLSearchParams({ redact: String(redact), ...(filter === null ? {} : { filter }) })}`,
    );
    return;
  }
  const compiled = filterOf(filter);
  const recorded = await openRecorded(file, { redact }).catch((error: unknown) => {
    throw new VerbFailure(2, messageOf(error));
  });
  try {
    yield* writeHar(recorded.session, { redact, version: version(), ...compiled });
  } finally {
    await recorded.close();
  }
}

/** Throws VerbFailure with the place of a mistake. */
export function filterOf(text: string | null): { readonly filter?: Filter } {
  if (text === null) return {};
  const result = compileFilter(text);
  if (result.ok) return { filter: result.filter };
  throw new VerbFailure(2, `At position ${result.error.position + 1} of the filter: ${result.error.message}`);
}

/** A file comes into being whole, or not at all. */
export async function writeTo(out: string, text: () => AsyncIterable<string | Uint8Array>): Promise<void> {
  if (out === "-") {
    await pipeline(Readable.from(text()), process.stdout, { end: false });
    return;
  }
  const part = `${out}.${process.pid}.part`;
  try {
    await pipeline(Readable.from(text()), createWriteStream(part, { mode: 0o600 }));
    await rename(part, out);
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof VerbFailure) throw error;
    throw new VerbFailure(2, `${out} can't be written: ${messageOf(error)}`);
  }
}
