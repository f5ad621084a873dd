// Writes what is handed on as one file, which comes into being whole or not at all.
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { RedactionChoices, ShareFormat } from "../../shared/share.ts";
import { writeHar } from "../capture/har/write.ts";
import { redactionRules } from "../capture/redact/rules.ts";
import { saveSession } from "../capture/save.ts";
import { openSession, type Session } from "../capture/session.ts";
import { type PageOptions, sharedPage } from "./shared_page.ts";
import { writeSharedSession } from "./shared_session.ts";

export interface Sharing extends PageOptions {
  readonly source: Session;
  readonly ids: readonly number[];
  readonly format: ShareFormat;
  /** null: nothing is taken out. */
  readonly redact: RedactionChoices | null;
  readonly file: string;
  readonly each: (done: number) => void;
  readonly signal?: AbortSignal;
}

/** Throws where it can't be written, TooLarge, or the signal's reason. */
export async function writeShared(sharing: Sharing): Promise<{ readonly bytes: number }> {
  const { source, ids, format, redact, file, each, signal } = sharing;
  // mkdtemp's folder is its owner's alone.
  const folder = await mkdtemp(join(tmpdir(), "parallax-share-"));
  try {
    const between = join(folder, "shared.parallax");
    const rules = redact === null ? null : redactionRules(redact);
    await writeSharedSession(source, ids, rules, between, {
      each: (done) => {
        signal?.throwIfAborted();
        each(done);
      },
    });
    if (format === "session") return await saveSession(between, file);
    const session = openSession(between, { readOnly: true });
    try {
      const text =
        format === "har" ? writeHar(session, { version: sharing.version, redact: redact !== null }) : sharedPage(session, sharing);
      return await writeWhole(file, text, signal);
    } finally {
      session.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file comes into being whole, or not at all. */
export async function writeWhole(file: string, text: AsyncIterable<string>, signal?: AbortSignal): Promise<{ readonly bytes: number }> {
  const part = `${file}.${randomBytes(4).toString("hex")}.part`;
  try {
    await pipeline(Readable.from(text), createWriteStream(part, { mode: 0o600 }), signal === undefined ? {} : { signal });
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    signal?.throwIfAborted();
    throw error;
  }
  return { bytes: (await stat(file)).size };
}
