// What a request says of the form of its body and of the answer. Elasticsearch refuses some forms and some pairs, and reads
// and prints others than JSON: all of these are its own to answer. Pure.
import type { HeaderPairs } from "../../shared/exchange.ts";
import { headerOf } from "./print.ts";

const JSON_BODY = /^application\/json(?:\s*;\s*charset\s*=\s*"?utf-8"?)?$/i;
const LINES_BODY = /^application\/x-ndjson(?:\s*;\s*charset\s*=\s*"?utf-8"?)?$/i;
const VENDOR_BODY = /^application\/vnd\.elasticsearch\+(json|x-ndjson)\s*;\s*compatible-with\s*=\s*"?([89])"?$/i;
const VENDOR = /vnd\.elasticsearch/i;

/** "" or why a request of such headers is Elasticsearch's to read. `lines`: whether the endpoint takes newline-delimited JSON. */
export function unreadable(headers: HeaderPairs, bodyBytes: number, lines: boolean): string {
  const type = headerOf(headers, "content-type").trim();
  const accept = headerOf(headers, "accept").trim();
  const vendor = VENDOR_BODY.exec(type);
  const inLines = vendor?.[1]?.toLowerCase() === "x-ndjson" || LINES_BODY.test(type);
  const known = inLines ? lines : vendor !== null || JSON_BODY.test(type);
  if (bodyBytes > 0 && !known) return `a body of content type [${type}]`;
  const asked = versionAsked(accept);
  const pairs = bodyBytes > 0 && !accept.includes(",");
  if (asked === null || (pairs && asked !== (vendor?.[2] ?? ""))) return `content type [${type}] with accept [${accept}]`;
  return "";
}

/** The version that an answer is wanted for; "" for none, null for one that is not known here. */
function versionAsked(accept: string): string | null {
  if (!VENDOR.test(accept) || accept.includes(",")) return "";
  return /^application\/vnd\.elasticsearch\+json\s*;\s*compatible-with\s*=\s*"?([89])"?$/i.exec(accept)?.[1] ?? null;
}
