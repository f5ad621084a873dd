// The notice of a newer version, and no more: nothing is fetched or installed. Asked only where the setting `desktop.versionUrl` names a
// JSON file `{"version": "1.2.3", "url": "https://…"}`; without it no request leaves the machine.
import { isObject, member, parseJson } from "../../shared/json.ts";

export interface NewVersion {
  readonly version: string;
  /** A page on the server that was asked. */
  readonly url: string;
}

const ANSWER_MS = 10_000;
const MOST_BYTES = 65_536;

/** null: none newer, or nothing that can be understood. Never rejects. */
export async function findNewVersion(url: string, current: string, ask: typeof fetch = fetch): Promise<NewVersion | null> {
  try {
    const response = await ask(url, { redirect: "error", credentials: "omit", signal: AbortSignal.timeout(ANSWER_MS) });
    const text = response.ok ? await bounded(response) : "";
    return newVersion(text, url, current);
  } catch {
    return null;
  }
}

async function bounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) return "";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** What the file says, where it names a later version and a page of the same server. Throws for what is no JSON. */
export function newVersion(text: string, askedAt: string, current: string): NewVersion | null {
  const value = parseJson(text);
  const version = isObject(value) ? member(value, "version") : undefined;
  const url = isObject(value) ? member(value, "url") : undefined;
  if (typeof version !== "string" || typeof url !== "string" || !isLater(version, current)) return null;
  const page = URL.parse(url);
  const asked = URL.parse(askedAt);
  return page !== null && page.protocol === "https:" && page.host === asked?.host ? { version, url: page.href } : null;
}

/** Compares three numbers; a version before a release (`1.2.3-beta`) is never offered. */
export function isLater(version: string, current: string): boolean {
  const [one, other] = [version, current].map((text) =>
    /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})$/.exec(text.replace(/\+.*$/, ""))?.slice(1).map(Number),
  );
  if (one === undefined) return false;
  const known = other ?? current.split(/[.-]/).slice(0, 3).map(Number);
  const at = one.findIndex((part, i) => part !== known[i]);
  return at >= 0 && (one[at] ?? 0) > (known[at] ?? 0);
}
