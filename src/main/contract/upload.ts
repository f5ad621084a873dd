// `PUT /api/session?name=NAME`: a session file or a HAR that a browser sends, since the page knows no paths; kept in `uploads` of the data folder
// and shown as `session.open` shows one.
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { Transform } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { messageOf } from "../../shared/thrown.ts";
import { ContractFailure } from "./handlers.ts";

export const UPLOAD_PATH = "/api/session";

export interface Uploads {
  readonly folder: string;
  /** Most bytes of a file. */
  readonly capBytes: number;
}

/** Writes the request's body; gives the file's path. Throws ContractFailure. */
export async function takeUpload({ folder, capBytes }: Uploads, name: string, request: IncomingMessage): Promise<string> {
  const file = join(folder, plainName(name));
  const part = `${file}.${randomBytes(4).toString("hex")}.part`;
  try {
    await refuseTooLarge(request, capBytes);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await pipeline(request, bounded(capBytes), createWriteStream(part, { mode: 0o600 }));
    await rename(part, file);
    return file;
  } catch (error) {
    await rm(part, { force: true });
    throw error instanceof ContractFailure
      ? error
      : new ContractFailure("session", `The file could not be taken: ${messageOf(error)}`, 409);
  }
}

/** A name without folders, of what a session may be called. */
function plainName(name: string): string {
  const plain = (name.split(/[\\/]/).at(-1) ?? "").replaceAll(/[^\p{L}\p{N} ._()-]/gu, "_").slice(-120);
  if (/^[^.].*\.(parallax|har)$/i.test(plain)) return plain;
  throw new ContractFailure(
    "bad_request",
    `"name" must be that of a session file or a HAR (NAME.parallax, NAME.har), not ${JSON.stringify(name)}.`,
  );
}

// Who sends a body reads no answer before its end: it is let by, so that the refusal comes through.
async function refuseTooLarge(request: IncomingMessage, capBytes: number): Promise<void> {
  if (Number(request.headers["content-length"] ?? 0) <= capBytes) return;
  await finished(request.resume());
  throw tooLarge(capBytes);
}

function tooLarge(capBytes: number): ContractFailure {
  const most = Math.ceil(capBytes / 1024 / 1024);
  return new ContractFailure(
    "bad_body",
    `The file has more than ${most} MB, the most that a session may have here (capture.capBytes).`,
    413,
  );
}

function bounded(capBytes: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size <= capBytes) done(null, chunk);
      else done(tooLarge(capBytes));
    },
  });
}
