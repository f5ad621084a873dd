// Who may call the debugging interface: RELIABILITY's rules for a server on loopback that any web page could reach.
// A fitting Host always, a fitting Origin where one is sent, the token for whatever writes or runs SQL.
import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

const LOOPBACK_NAMES: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

export type Refusal = { readonly status: 401 | 403; readonly code: string; readonly message: string };

export interface Guard {
  readonly port: number;
  /** null: started with --no-token. */
  readonly token: string | null;
}

/** null when the call may go on. `writes`: it changes something or runs SQL. */
export function refuse(guard: Guard, headers: IncomingHttpHeaders, writes: boolean): Refusal | null {
  if (!isOwnHost(guard, headers.host)) {
    return {
      status: 403,
      code: "foreign_host",
      message: `The Host header says ${JSON.stringify(headers.host ?? "")}, but this interface answers only as 127.0.0.1:${guard.port} or localhost:${guard.port}. Open it by one of these names.`,
    };
  }
  if (headers.origin !== undefined && !isOwnOrigin(guard, headers.origin)) {
    return {
      status: 403,
      code: "foreign_origin",
      message: `A page of ${JSON.stringify(headers.origin)} called this interface; only its own page may. Call it from a terminal or its own page.`,
    };
  }
  if (writes && guard.token !== null && !hasToken(guard.token, headers.authorization)) {
    return {
      status: 401,
      code: "token_required",
      message:
        "This call changes something or runs SQL: send the token that the start printed as `Authorization: Bearer TOKEN`, or start with --no-token.",
    };
  }
  return null;
}

function isOwnHost(guard: Guard, host: string | undefined): boolean {
  return LOOPBACK_NAMES.some((name) => host === `${name}:${guard.port}` || (guard.port === 80 && host === name));
}

function isOwnOrigin(guard: Guard, origin: string): boolean {
  return LOOPBACK_NAMES.some((name) => origin === `http://${name}:${guard.port}`);
}

function hasToken(token: string, authorization: string | undefined): boolean {
  const given = Buffer.from(authorization ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
