// How a browser gets in where every call needs the token (auth.required): by the address that the start prints, `/?token=…`, or by the form
// that stands in for the page. The token becomes a cookie that no script reads and no other site sends.
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { cookieOf, type Guard, isSame, type Refusal, refuse } from "./guard.ts";

/** True for `GET /?token=…` with the right token. */
export function isSignIn(guard: Guard, headers: IncomingHttpHeaders, method: string, path: string, query: URLSearchParams): boolean {
  const { token, always } = guard;
  if (always !== true || token === null || method !== "GET" || path !== "/") return false;
  return isSame(query.get("token") ?? undefined, token) && refuse({ ...guard, always: false }, headers, false) === null;
}

/** On to the page, by an address without the token. */
export function signIn({ port, token }: Guard, response: ServerResponse): void {
  response.writeHead(303, { location: "/", "set-cookie": `${cookieOf(port)}=${token}; Path=/; HttpOnly; SameSite=Strict` });
  response.end();
}

const PAGE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Parallax</title>
<style>:root{color-scheme:light dark}body{font:13px/20px system-ui,sans-serif;max-width:420px;margin:96px auto;padding:0 24px}input,button{font:inherit;padding:4px 8px}input{width:100%;margin:8px 0}</style>
<h1>Parallax</h1>
<form action="/" method="get"><label>Every call needs the Admin token here. It was printed at the start.<input name="token" type="password" autocomplete="off" required autofocus></label><button>Open</button></form>
</html>
`;

/** The form, in place of the page. */
export function sendSignIn({ status }: Refusal, response: ServerResponse): void {
  const body = Buffer.from(PAGE);
  response.setHeader(
    "content-security-policy",
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
  );
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "content-length": body.length });
  response.end(body);
}
