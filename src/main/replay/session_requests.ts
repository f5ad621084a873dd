// The requests of a session as they can be sent again.
import type { ExchangeDetail, HeaderPairs } from "../../shared/exchange.ts";
import { REDACTED } from "../capture/redaction.ts";
import { REPLAY_HEADER } from "../capture/rows.ts";
import type { Session } from "../capture/session.ts";
import type { Filter } from "../capture/types.ts";
import type { Playable } from "./player.ts";

/** Whoever sends makes these anew. */
const OF_THE_CONNECTION =
  /^(host|connection|proxy-connection|content-length|transfer-encoding|keep-alive|te|upgrade|expect|trailer|proxy-authorization|parallax-api-profiler)$/i;

/** The headers to send again: without those of a connection and those whose value was not kept. */
export function headersAgain(id: number, headers: HeaderPairs): HeaderPairs {
  const kept = headers.filter(
    ([name, value]) => !OF_THE_CONNECTION.test(name) && !value.endsWith(REDACTED) && name.toLowerCase() !== REPLAY_HEADER,
  );
  return [...kept, [REPLAY_HEADER, String(id)]];
}

export interface SessionRequests {
  readonly filter?: Filter;
  /** 1: as they came; 10: ten times as fast; Infinity: one after the other. */
  readonly speed: number;
  /** Told of each request that is left out: it was not captured whole. */
  readonly onSkipped: () => void;
}

/** Oldest first. */
export async function* sessionRequests(session: Session, { filter, speed, onSkipped }: SessionRequests): AsyncGenerator<Playable> {
  let first: number | null = null;
  for await (const id of session.ids(filter)) {
    const detail = session.get(id);
    if (detail === null) continue;
    if (detail.request.truncated || detail.path.includes(REDACTED)) {
      onSkipped();
      continue;
    }
    first ??= detail.time;
    yield playable(detail, session.rawBody(id, "request"), Math.max(0, (detail.time - first) / speed));
  }
}

function playable(detail: ExchangeDetail, body: Uint8Array | null, at: number): Playable {
  return {
    at,
    method: detail.method,
    // A proxy is asked by whole URLs; the server that is asked now has a name of its own.
    target: detail.path.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, ""),
    headers: headersAgain(detail.id, detail.request.headers),
    body: body ?? new Uint8Array(),
    status: detail.status,
    writes: detail.kind === "write" || detail.kind === "schema" ? detail.index || "*" : "",
  };
}
