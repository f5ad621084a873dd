// A HAR becomes a session file, entry by entry.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { setImmediate as turn } from "node:timers/promises";
import type { ExchangeDetail } from "../../../shared/exchange.ts";
import { redactHeaders, redactTarget } from "../redaction.ts";
import { openSession } from "../session.ts";
import { readEntry } from "./read.ts";
import { harEntries } from "./scan.ts";

/** Entries after which others get a turn. */
const AT_ONCE = 50;

/**
 * Adds the exchanges of the HAR to the session in `sessionFile`, which is made where there is none. Ids are kept where they are free and
 * rising. Secrets in headers and URLs are left behind, since no session file holds any, unless `redact` is false. Throws HarError, SessionError, or that a file can't be read.
 */
export async function importHar(
  har: string,
  sessionFile: string,
  { redact = true }: { readonly redact?: boolean } = {},
): Promise<{ readonly exchanges: number }> {
  const session = openSession(sessionFile, { capBytes: Number.MAX_SAFE_INTEGER / 4, onCorrupt: "refuse" });
  let exchanges = 0;
  let last = session.lastId;
  try {
    for await (const text of harEntries(createReadStream(har))) {
      exchanges += 1;
      const { detail, bodies } = readEntry(text, exchanges);
      last = Math.max(last + 1, detail.id);
      session.put({ ...(redact ? redacted(detail) : detail), id: last }, bodies);
      if (exchanges % AT_ONCE === 0) await turn();
    }
    session.flush();
    if (session.problem !== null) throw new Error(session.problem.message);
    return { exchanges };
  } finally {
    session.close();
  }
}

function redacted(detail: ExchangeDetail): ExchangeDetail {
  const { sent } = detail.request;
  const given = detail.response?.given;
  const request = {
    ...detail.request,
    headers: redactHeaders(detail.request.headers),
    ...(sent === undefined ? {} : { sent: { ...sent, path: redactTarget(sent.path), headers: redactHeaders(sent.headers) } }),
  };
  const response =
    detail.response === null
      ? null
      : {
          ...detail.response,
          headers: redactHeaders(detail.response.headers),
          ...(given === undefined ? {} : { given: { ...given, headers: redactHeaders(given.headers) } }),
        };
  return { ...detail, path: redactTarget(detail.path), request, response };
}

/** True when a file begins as JSON does: a HAR and no session file. False where it can't be read: whoever opens it says why. */
export async function looksLikeHar(file: string): Promise<boolean> {
  const handle = await open(file, "r").catch(() => null);
  if (handle === null) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return /^\uFEFF?\s*\{/.test(buffer.toString("utf8", 0, bytesRead));
  } finally {
    await handle.close();
  }
}
