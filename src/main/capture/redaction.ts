// What would let a reader act as the client: taken out of what is kept and of what is handed on.
import type { HeaderPairs } from "../../shared/exchange.ts";

const SECRET_HEADER =
  /^(authorization|proxy-authorization|cookie|set-cookie|es-security-runas-user|es-client-authentication|x-clickhouse-key|x-api-key)$/i;
const SECRET_PARAMETER = /([?&](?:password|passwd|api_?key|access_token|token|secret)=)[^&#]*/gi;
const USERINFO = /^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i;
const USERINFO_ANYWHERE = /([a-z][a-z0-9+.-]*:\/\/)[^/?#@\s"]*@/gi;
const SECRET_IN_TEXT = /([?&](?:password|passwd|api_?key|access_token|token|secret)=)[^&#\s"]*/gi;
const CREDENTIALS = /\b(basic|bearer|apikey) [A-Za-z0-9+/=_.~-]{8,}/gi;
/** Requests whose messages are about credentials themselves. */
const ABOUT_SECRETS = /^(?:[a-z]+:\/\/[^/]*)?\/+(?:_security|_xpack\/security|_plugins\/_security)\//i;
/** Members of messages about users and keys; the value follows the first group. */
export const ABOUT_SECRET_MEMBERS =
  /("(?:password|password_hash|new_password|refresh_token|access_token|api_key|encoded|token|value|secret)"\s*:\s*)"(?:[^"\\]|\\.)*"/g;

export const REDACTED = "[redacted]";

/** Headers with the values of secrets replaced; the scheme of an Authorization stays readable. */
export function redactHeaders(headers: HeaderPairs): HeaderPairs {
  return headers.map((pair) => {
    const [name, value] = pair;
    return SECRET_HEADER.test(name) ? [name, `${/^(basic|bearer|apikey) /i.exec(value)?.[0] ?? ""}${REDACTED}`] : pair;
  });
}

/** A path or URL without user and password, and without the values of parameters that carry a secret. */
export function redactTarget(target: string): string {
  return target.replace(USERINFO, `$1${REDACTED}@`).replace(SECRET_PARAMETER, `$1${REDACTED}`);
}

/** A sentence without the passwords of the URLs in it, and without what follows the scheme of credentials. */
export function redactText(text: string): string {
  return text.replace(USERINFO_ANYWHERE, `$1${REDACTED}@`).replace(SECRET_IN_TEXT, `$1${REDACTED}`).replace(CREDENTIALS, `$1 ${REDACTED}`);
}

/** True for a request whose messages are about users and keys. */
export function isAboutSecrets(path: string): boolean {
  return ABOUT_SECRETS.test(path);
}

/** The text of a message to or from `path`: where it is about users and keys, without their secrets. */
export function redactBody(path: string, text: string): string {
  return isAboutSecrets(path) ? text.replace(ABOUT_SECRET_MEMBERS, `$1"${REDACTED}"`) : text;
}
