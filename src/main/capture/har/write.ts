// A session as a HAR, in pieces: an exchange is read when the one before it has gone out, so that a million take no more memory than one.
import type { Session } from "../session.ts";
import type { Filter } from "../types.ts";
import { entryOf } from "./entry.ts";

export interface HarOptions {
  readonly filter?: Filter;
  /** False: secrets are left in. @default true */
  readonly redact?: boolean;
  /** Version of Parallax. */
  readonly version: string;
}

const GATHERED = 64 * 1024;

/** The text of the HAR, oldest exchange first. */
export async function* writeHar(session: Session, { filter, redact = true, version }: HarOptions): AsyncGenerator<string> {
  const creator = { name: "Parallax", version };
  let text = `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"entries":[`;
  let separator = "\n";
  for await (const id of session.ids(filter)) {
    const detail = session.get(id);
    if (detail === null) continue;
    const bodies = {
      request: session.rawBody(id, "request"),
      elasticsearch: session.decodedBody(id, "elasticsearch"),
      clickhouse: detail.searches.length > 0 ? null : session.decodedBody(id, "clickhouse"),
      sent: session.rawBody(id, "sent"),
      given: session.rawBody(id, "given"),
    };
    text += `${separator}${JSON.stringify(entryOf(detail, bodies, redact))}`;
    separator = ",\n";
    if (text.length < GATHERED) continue;
    yield text;
    text = "";
  }
  yield `${text}\n]}}\n`;
}
