// Writes what is handed on as one file, which comes into being whole or not at all.
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ExchangeProfile } from "../../shared/exchange_profile.ts";
import type { RedactionChoices, ShareFormat } from "../../shared/share.ts";
import { messageOf } from "../../shared/thrown.ts";
import { writeHar } from "../capture/har/write.ts";
import { redactedText } from "../capture/redact/head.ts";
import { type RedactionRules, redactionRules } from "../capture/redact/rules.ts";
import { redactedProfile, redactedWhy } from "../capture/redact/said.ts";
import { saveSession } from "../capture/save.ts";
import { openSession, type Session } from "../capture/session.ts";
import { causesOf } from "../explain/causes.ts";
import { recordedProfile } from "../profile/exchange/exchange_profiles.ts";
import { type PageOptions, type PageSource, sharedPage, TooLarge } from "./shared_page.ts";
import { NoRoom, writeSharedSession } from "./shared_session.ts";

export interface Sharing extends PageOptions {
  readonly source: Session;
  readonly ids: readonly number[];
  readonly format: ShareFormat;
  /** null: nothing is taken out. */
  readonly redact: RedactionChoices | null;
  readonly file: string;
  /** Told how many of `ids` are done, as far as can be said. */
  readonly each: (done: number) => void;
  readonly signal?: AbortSignal;
  /** What is known of an exchange's profile beside what it tells itself; null: no more than that. */
  readonly profileOf?: (id: number) => Promise<ExchangeProfile | null>;
}

/** Throws where it can't be written (in words, with the file), TooLarge, or the signal's reason. */
export async function writeShared(sharing: Sharing): Promise<{ readonly bytes: number }> {
  const { source, ids, format, redact, file, each, signal } = sharing;
  const rules = redact === null ? null : redactionRules(redact);
  // Pages and HARs are made of the exchanges that were taken: the second half of the way.
  const steps = format === "session" ? 1 : 2;
  let folder = "";
  try {
    // On the disk that the file is to be on; mkdtemp's folder is its owner's alone.
    folder = await mkdtemp(join(dirname(file), `.${basename(file)}.`));
    const between = join(folder, "shared.parallax");
    await writeSharedSession(source, ids, rules, between, {
      each: (done) => {
        signal?.throwIfAborted();
        each(Math.floor(done / steps));
      },
    });
    if (format === "session") return await saveSession(between, file);
    const session = openSession(between, { readOnly: true });
    try {
      const text =
        format === "har"
          ? writeHar(session, { version: sharing.version, redact: redact !== null })
          : sharedPage(pageSource(session, sharing, rules), { ...sharing, title: titleOf(sharing, rules) });
      return await writeWhole(file, counted(text, ids.length, each), signal);
    } finally {
      session.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw inWords(file, error);
  } finally {
    if (folder !== "") await rm(folder, { recursive: true, force: true });
  }
}

/** A file comes into being whole, or not at all. Throws in words, with the file. */
export async function writeWhole(file: string, text: AsyncIterable<string>, signal?: AbortSignal): Promise<{ readonly bytes: number }> {
  const part = `${file}.${randomBytes(4).toString("hex")}.part`;
  try {
    await pipeline(Readable.from(text), createWriteStream(part, { mode: 0o600 }), signal === undefined ? {} : { signal });
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    signal?.throwIfAborted();
    throw inWords(file, error);
  }
  return { bytes: (await stat(file)).size };
}

function pageSource(session: Session, { source, profileOf }: Sharing, rules: RedactionRules | null): PageSource {
  const causes = causesOf(source);
  const there = { has: (id: number) => session.summary(id) !== null, explain: () => Promise.reject(new Error("Nobody is asked.")) };
  return {
    session,
    profileOf: async (detail) => {
      const profile = (await profileOf?.(detail.id)) ?? recordedProfile(detail);
      return rules === null ? profile : redactedProfile(profile, rules);
    },
    whyOf: async (within) => {
      const why = await causes.of(await session.ask({ kind: "differing", within }), { ask: 0, again: false }, there);
      return rules === null ? why : redactedWhy(why, rules);
    },
  };
}

// A comparison is called as its group is, by texts of requests.
function titleOf({ title }: Sharing, rules: RedactionRules | null): string {
  return rules === null ? title : redactedText(title, rules, () => undefined);
}

/** Tells the second half of the way: a piece is about an exchange. */
async function* counted(text: AsyncIterable<string>, total: number, each: (done: number) => void): AsyncGenerator<string> {
  let pieces = 0;
  for await (const piece of text) {
    yield piece;
    pieces += 1;
    each(Math.min(total, Math.floor((total + pieces) / 2)));
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "there is no such folder",
  EACCES: "this is not allowed here",
  EPERM: "this is not allowed here",
  EROFS: "the disk is read-only",
  EISDIR: "a folder has this name",
};

function inWords(file: string, error: unknown): Error {
  if (error instanceof TooLarge) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (error instanceof NoRoom || code === "ENOSPC" || code === "EDQUOT" || /disk is full/.test(messageOf(error)))
    return new Error(`There is no room on the disk for ${file}: nothing of it is kept. Free some, or share fewer exchanges.`);
  const reason = REASONS[code];
  return reason === undefined ? new Error(messageOf(error)) : new Error(`${file} can't be written: ${reason}. Choose another place.`);
}
