// A session file or a HAR, opened to be read: a HAR becomes a session file of its own for as long.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importHar, looksLikeHar } from "../capture/har/import.ts";
import { openSession, type Session } from "../capture/session.ts";

export interface Recorded {
  /** As it was opened: a HAR's session lies elsewhere. */
  readonly file: string;
  readonly session: Session;
  close(): Promise<void>;
}

/** `redact: false`: credentials that a HAR has are kept for now. Throws SessionError, HarError, or that the file can't be read. */
export async function openRecorded(file: string, { redact }: { readonly redact: boolean }): Promise<Recorded> {
  if (!(await looksLikeHar(file))) {
    const session = openSession(file, { readOnly: true });
    return { file, session, close: async () => session.close() };
  }
  // mkdtemp's folder is its owner's alone.
  const folder = await mkdtemp(join(tmpdir(), "parallax-har-"));
  try {
    await importHar(file, join(folder, "har.parallax"), { redact });
    const session = openSession(join(folder, "har.parallax"), { readOnly: true });
    const close = async (): Promise<void> => {
      session.close();
      await rm(folder, { recursive: true, force: true });
    };
    return { file, session, close };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
