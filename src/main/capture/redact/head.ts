// What stands before a body, without what was chosen: the path with its parameters, the headers.
import type { HeaderPairs } from "../../../shared/exchange.ts";
import { REDACTED, redactHeaders, redactTarget } from "../redaction.ts";
import { applied, inOrder } from "./edits.ts";
import type { RedactionRules } from "./rules.ts";
import { secretsIn } from "./secrets.ts";

/** Told of each place and the choice that takes it out, as SharePreview names it. */
export type Count = (by: string) => void;

const ADDRESSES: ReadonlySet<string> = new Set(["x-forwarded-for", "forwarded", "x-real-ip", "x-client-ip", "true-client-ip", "via"]);
const HOSTS: ReadonlySet<string> = new Set([
  "host",
  "origin",
  "referer",
  "x-forwarded-host",
  "x-forwarded-server",
  "location",
  "server-name",
]);
/** The path after these names one document. */
const OF_ONE_DOCUMENT = /\/(_doc|_create|_update|_source|_explain|_termvectors)\/([^/?#]+)/;

export function redactedHeaders(headers: HeaderPairs, rules: RedactionRules, count: Count): HeaderPairs {
  return redactHeaders(headers).map((pair) => {
    const [name, value] = pair;
    const lower = name.toLowerCase();
    const by = rules.headers.has(lower)
      ? `header ${lower}`
      : rules.addresses && ADDRESSES.has(lower)
        ? "addresses"
        : rules.hosts && HOSTS.has(lower)
          ? "hosts"
          : null;
    if (by === null || value.includes(REDACTED)) return [name, redactedText(value, rules, count)];
    count(by);
    return [name, REDACTED];
  });
}

/** A path or URL. Values of parameters that name a chosen field go as a whole. */
export function redactedPath(path: string, rules: RedactionRules, count: Count): string {
  const [before = "", query] = splitOnce(redactTarget(path), "?");
  const id = rules.fields.fits(["_id"]);
  const place = before.replace(OF_ONE_DOCUMENT, (whole, name: string) => {
    if (id === null) return whole;
    count(`field ${id}`);
    return `/${name}/${REDACTED}`;
  });
  const parts = query?.split("&").map((part) => redactedParameter(part, rules, count));
  return redactedText(parts === undefined ? place : `${place}?${parts.join("&")}`, rules, count);
}

function redactedParameter(part: string, rules: RedactionRules, count: Count): string {
  const [name = "", value] = splitOnce(part, "=");
  if (value === undefined || value === "" || value === REDACTED) return part;
  const lower = decoded(name).toLowerCase();
  const field = FIELD_TEXTS.has(lower) ? rules.fields.namedIn(decoded(value)) : null;
  const by = rules.parameters.has(lower) ? `parameter ${lower}` : field === null ? null : `field ${field}`;
  if (by === null) return part;
  count(by);
  return `${name}=${REDACTED}`;
}

/** Parameters that hold queries. */
const FIELD_TEXTS: ReadonlySet<string> = new Set(["q", "source", "query"]);

/** A sentence, a note, a header's value: without what looks like a secret of the kinds that are taken out. */
export function redactedText(text: string, rules: RedactionRules, count: Count): string {
  const edits = inOrder(secretsIn(text, rules.secrets));
  for (const { by } of edits) count(by);
  return edits.length === 0 ? text : applied(text, edits);
}

function splitOnce(text: string, at: string): readonly [string, string | undefined] {
  const place = text.indexOf(at);
  return place < 0 ? [text, undefined] : [text.slice(0, place), text.slice(place + at.length)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
