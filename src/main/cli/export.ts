// `parallax export`: captured exchanges as one file to hand on, from a running Parallax or from a session file: HAR, session or HTML.
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type RedactionChoices, SHARE_FORMATS, type ShareFormat, type ShareState } from "../../shared/share.ts";
import { messageOf } from "../../shared/thrown.ts";
import { writeHar } from "../capture/har/write.ts";
import { compileFilter } from "../capture/index.ts";
import type { Filter } from "../capture/types.ts";
import { openRecorded } from "../replay/open_recorded.ts";
import { choicesOfText } from "../share/choices.ts";
import { writeShared } from "../share/write_shared.ts";
import { VerbFailure } from "./running_parallax.ts";
import { readVerbOptions, runVerb, type VerbOptions } from "./verb_options.ts";
import { packageFolder, version } from "./version.ts";

const ASKED_EVERY_MS = 200;

/** Runs the verb; returns the exit code. */
export function exportCommand(argv: readonly string[]): Promise<number> {
  return runVerb("export", async () => {
    const options = readVerbOptions("export", argv, {
      out: "string",
      session: "string",
      filter: "string",
      ids: "string",
      format: "string",
      redact: "string",
      "keep-secrets": "boolean",
    });
    if (options.names.length > 0)
      throw new VerbFailure(2, `What is "${options.names[0]}"? parallax export [--session FILE] [--format html|session|har] [--out FILE]`);
    const out = options.text("out") ?? "-";
    const format = formatOf(options, out);
    const redact = redactionOf(options);
    const ids = chosenIds(options);
    // A HAR without further choices streams, whatever its size.
    if (format === "har" && options.text("redact") === null && ids === null) await writeTo(out, () => harText(options));
    else await writeFileOf(options, { format, redact, ids, out });
    return 0;
  });
}

/** As it is named, else as the file's name ends. */
function formatOf(options: VerbOptions, out: string): ShareFormat {
  const named = options.text("format");
  const ending = out.endsWith(".html") ? "html" : out.endsWith(".parallax") ? "session" : "har";
  const format = SHARE_FORMATS.find((one) => one === (named ?? ending));
  if (format === undefined) throw new VerbFailure(2, `--format is "${named}"; it must be ${SHARE_FORMATS.join(", ")}.`);
  if (format !== "har" && out === "-")
    throw new VerbFailure(2, `Say where the file is to be: --out FILE. Only a HAR goes to standard output.`);
  return format;
}

/** null: nothing is taken out. */
function redactionOf(options: VerbOptions): RedactionChoices | null {
  const text = options.text("redact");
  if (options.has("keep-secrets")) {
    if (text !== null) throw new VerbFailure(2, "--redact and --keep-secrets can't both be meant. Leave one out.");
    return null;
  }
  const read = choicesOfText(text ?? "");
  if (!read.ok) throw new VerbFailure(2, `--redact: ${read.problem}.`);
  return read.choices;
}

const MOST_IDS = 1_000_000;

/** The exchanges of `--ids`; null where it is not given. */
function chosenIds(options: VerbOptions): ReadonlySet<number> | null {
  const text = options.text("ids");
  if (text === null) return null;
  if (options.text("filter") !== null) throw new VerbFailure(2, "--ids and --filter can't both be meant. Leave one out.");
  const ids = new Set<number>();
  for (const piece of text.split(",")) {
    const [whole, first = "", last = first] = /^\s*(\d{1,15})(?:-(\d{1,15}))?\s*$/.exec(piece) ?? [];
    if (whole === undefined) throw new VerbFailure(2, `--ids is "${text}"; it must be numbers of exchanges, like 3,7,20-24.`);
    for (let id = Number(first); id <= Number(last) && ids.size <= MOST_IDS; id += 1) ids.add(id);
  }
  if (ids.size > MOST_IDS) throw new VerbFailure(2, `--ids names over ${MOST_IDS} exchanges; use --filter.`);
  return ids;
}

interface FileAsked {
  readonly format: ShareFormat;
  readonly redact: RedactionChoices | null;
  readonly ids: ReadonlySet<number> | null;
  readonly out: string;
}

async function writeFileOf(options: VerbOptions, asked: FileAsked): Promise<void> {
  const { format, redact, out } = asked;
  const filter = options.text("filter");
  const session = options.text("session");
  if (session === null) {
    if (redact === null) throw new VerbFailure(2, "--keep-secrets goes with a HAR, or with --session FILE.");
    await fromRunning(options, { ...asked, redact }, filter);
    return;
  }
  const compiled = filterOf(filter);
  const recorded = await openRecorded(session, { redact: redact !== null }).catch((error: unknown) => {
    throw new VerbFailure(2, messageOf(error));
  });
  try {
    const ids: number[] = [];
    for await (const id of recorded.session.ids(compiled.filter)) if (asked.ids?.has(id) !== false) ids.push(id);
    if (ids.length === 0 && asked.ids !== null) throw new VerbFailure(2, `${session} has no exchange of --ids.`);
    const page = join(packageFolder(), "out", "renderer");
    const file = out === "-" ? null : resolve(out);
    if (file === null) throw new VerbFailure(2, "Say where the file is to be: --out FILE.");
    const each = (): void => undefined;
    await writeShared({ source: recorded.session, ids, format, redact, file, each, page, version: version(), title: session }).catch(
      (error: unknown) => {
        throw new VerbFailure(2, `${out} can't be written: ${messageOf(error)}`);
      },
    );
  } finally {
    await recorded.close();
  }
}

async function fromRunning(
  { parallax }: VerbOptions,
  { format, redact, ids, out }: FileAsked & { readonly redact: RedactionChoices },
  filter: string | null,
): Promise<void> {
  const of = { ...(filter === null ? {} : { filter }), ...(ids === null ? {} : { ids: [...ids] }) };
  let state: ShareState = await parallax.call("share.write", { of, format, redact });
  while (state.state === "writing") {
    await sleep(ASKED_EVERY_MS);
    state = await parallax.call("share.state", {});
  }
  if (state.state !== "done") throw new VerbFailure(2, state.problem === "" ? "It was stopped, or another took its place." : state.problem);
  const text = await parallax.read("/api/share/file");
  await writeTo(out, () => text);
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
