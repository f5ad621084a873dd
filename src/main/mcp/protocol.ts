// The versions of the Model Context Protocol that are spoken. Up to 2025-11-25 a client says `initialize` first; from 2026-07-28 on every
// request tells its version in `_meta`, and nothing is kept between two of them.
import { type JsonObject, member, objectAt } from "../../shared/json.ts";

export const LATEST = "2026-07-28";
/** Newest first. */
export const WITH_HANDSHAKE: readonly string[] = ["2025-11-25", "2025-06-18", "2025-03-26"];
export const VERSIONS: readonly string[] = [LATEST, ...WITH_HANDSHAKE];

const VERSION_KEY = "io.modelcontextprotocol/protocolVersion";
const SERVER_KEY = "io.modelcontextprotocol/serverInfo";

/** The version that a request tells in `_meta`; null for one of a client that said `initialize`. */
export function versionOf(params: JsonObject): string | null {
  const version = member(objectAt(params, "_meta"), VERSION_KEY);
  if (version === undefined) return null;
  return typeof version === "string" ? version : "";
}

/** The version to go on with, given the one that `initialize` asked for. */
export function agreedVersion(params: JsonObject): string {
  const asked = member(params, "protocolVersion");
  return WITH_HANDSHAKE.find((version) => version === asked) ?? WITH_HANDSHAKE[0] ?? LATEST;
}

/** How long a client may keep a list, ms: ours change only with the program. */
const KEEP_MS = 60_000;

/** `result` as the latest version has it. `kept`: one that a client may keep for a while. */
export function complete(result: JsonObject, server: JsonObject, kept: boolean): JsonObject {
  const cache = kept ? { ttlMs: KEEP_MS, cacheScope: "private" } : {};
  return { resultType: "complete", ...result, ...cache, _meta: { [SERVER_KEY]: server } };
}
