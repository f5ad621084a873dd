// Who may call the debugging interface: RELIABILITY's rules for a server on loopback that any web page could reach.
// A fitting Host always, a fitting Origin where one is sent, the token for whatever writes or runs SQL, or for every call.
import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

const LOOPBACK_NAMES: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

export type Refusal = { readonly status: 401 | 403; readonly code: string; readonly message: string };

export interface Guard {
  readonly port: number;
  /** null: started with --no-token. */
  readonly token: string | null;
  /** Every call needs the token; a browser brings it as a cookie. @default false */
  readonly always?: boolean;
}

/** The cookie that stands for the token, of this port alone: cookies know no ports. */
export function cookieOf(port: number): string {
  return `parallax-${port}`;
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
  if ((writes || guard.always === true) && guard.token !== null && !hasToken(guard, guard.token, headers)) {
    const why = guard.always === true ? "Every call needs the Admin token here (auth.required)" : "This call changes something or runs SQL";
    const otherwise = guard.always === true ? "open the page by the address that it printed" : "start with --no-token";
    return {
      status: 401,
      code: "token_required",
      message: `${why}: send the token that the start printed as \`Authorization: Bearer TOKEN\`, or ${otherwise}.`,
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

function hasToken({ always = false, port }: Guard, token: string, headers: IncomingHttpHeaders): boolean {
  if (isSame(headers.authorization, `Bearer ${token}`)) return true;
  const cookies = always ? (headers.cookie ?? "").split(/; */) : [];
  return cookies.some((cookie) => isSame(cookie, `${cookieOf(port)}=${token}`));
}

/** Compares in a time that says nothing of where they differ. */
export function isSame(given: string | undefined, wanted: string): boolean {
  const [one, other] = [Buffer.from(given ?? ""), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
