// One exchange without what was chosen, wherever that stands: the one place that decides what leaves, whatever the file's form.
import type { BodySide } from "../../../shared/contract.ts";
import type { ExchangeDetail, HeaderPairs } from "../../../shared/exchange.ts";
import { isText } from "../coding.ts";
import { REDACTED } from "../redaction.ts";
import { headerOf } from "../rows.ts";
import type { CapturedBodies } from "../types.ts";
import { askedIn, editsOfAnswer, editsOfRequest, withDerived } from "./body.ts";
import { applied, type Edit, StandIns } from "./edits.ts";
import { type Count, redactedHeaders, redactedPath, redactedText } from "./head.ts";
import { headersOf, type KeptBody, type KeptExchange, SIDES } from "./kept.ts";
import { type Gathered, redactedPart, swept } from "./part.ts";
import type { RedactionRules } from "./rules.ts";

export interface RedactedExchange {
  readonly detail: ExchangeDetail;
  /** As they were sent where nothing was taken out; else with their content coding undone, which their headers do not name any more. */
  readonly bodies: CapturedBodies;
  /** Places by the choice that took them out, as SharePreview names it. */
  readonly places: ReadonlyMap<string, number>;
  /** Edits of the bodies that are text. */
  readonly edits: ReadonlyMap<BodySide, { readonly text: string; readonly edits: readonly Edit[] }>;
}

export function redactedExchange({ detail, bodies }: KeptExchange, chosen: RedactionRules): RedactedExchange {
  const places = new Map<string, number>();
  const count: Count = (by) => places.set(by, (places.get(by) ?? 0) + 1);
  const gathered: Gathered = { pointers: [], values: new Set(), standIns: new StandIns() };
  const edits = new Map<BodySide, { readonly text: string; readonly edits: readonly Edit[] }>();
  const kept: Partial<Record<BodySide, Uint8Array>> = {};
  const changed = new Set<BodySide>();
  const requestText = bodies.request === undefined ? "" : textOf(bodies.request);
  const rules = withDerived(requestText ?? "", chosen);
  const asked = askedIn(requestText ?? "", detail.endpoint, rules.fields);
  for (const side of SIDES) {
    const body = bodies[side];
    if (body === undefined) continue;
    const made = bodyEdits(side, body, (text) =>
      side === "request" || side === "sent"
        ? editsOfRequest(text, detail.path, rules, gathered)
        : editsOfAnswer(text, detail.path, rules, asked, gathered),
    );
    for (const { by } of made.edits) count(by);
    edits.set(side, made);
    if (made.edits.length > 0) changed.add(side);
    kept[side] = made.edits.length === 0 ? body.raw : Buffer.from(applied(made.text, made.edits));
  }
  // All that is said of values is read after all bodies, whose values it may repeat.
  const searches = detail.searches.map((part) => redactedPart(part, detail.path, rules, gathered, count));
  const text = (value: string): string => redactedText(swept(value, gathered), rules, count);
  // An exchange's note says what its loudest comparison says.
  const note = detail.searches.reduce(
    (said, { comparison }, i) => said.replaceAll(comparison.reason || "\0", searches[i]?.comparison.reason ?? ""),
    detail.note,
  );
  return { detail: { ...head({ ...detail, note }, changed, rules, count, text, gathered), searches }, bodies: kept, places, edits };

  function bodyEdits(side: BodySide, body: KeptBody, of: (text: string) => readonly Edit[]) {
    const kind = side === "request" || side === "sent" ? "request" : "answers";
    const whole = (by: string) => ({ start: 0, end: Number.MAX_SAFE_INTEGER, text: `"${REDACTED}"`, by });
    const plain = textOf(body);
    if (rules.bodies.has(kind)) return { text: plain ?? "", edits: [whole(`body ${kind}`)] };
    // What is no text can't be searched: it leaves only where nothing is searched for by name.
    if (plain === null) return { text: "", edits: rules.fields.any ? [whole(`field ${rules.fields.first}`)] : [] };
    return { text: plain, edits: of(plain) };
  }
}

function head(
  detail: ExchangeDetail,
  changed: ReadonlySet<BodySide>,
  rules: RedactionRules,
  count: Count,
  text: (value: string) => string,
  gathered: Gathered,
): ExchangeDetail {
  const { request, response } = detail;
  const path = (value: string): string => swept(redactedPath(value, rules, count), gathered);
  const headers = (side: BodySide): HeaderPairs => {
    const own = headersOf(detail, side);
    return redactedHeaders(changed.has(side) ? own.filter(([name]) => name.toLowerCase() !== "content-encoding") : own, rules, count);
  };
  const { sent, changes } = request;
  const given = response?.given;
  const requestHeaders = headers("request");
  if (detail.source !== undefined && rules.addresses) count("addresses");
  return {
    ...detail,
    path: path(detail.path),
    note: text(detail.note),
    client: clientOf(detail.client, requestHeaders, detail.request.headers, text),
    error: text(detail.error),
    ...(detail.comment === undefined ? {} : { comment: text(detail.comment) }),
    ...(detail.source === undefined ? {} : { source: rules.addresses ? REDACTED : detail.source }),
    mirror: detail.mirror === null ? null : { ...detail.mirror, reason: text(detail.mirror.reason) },
    request: {
      ...request,
      headers: requestHeaders,
      ...(changes === undefined ? {} : { changes: changes.map(({ by, did }) => ({ by, did: text(did) })) }),
      ...(sent === undefined ? {} : { sent: { ...sent, path: path(sent.path), headers: headers("sent") } }),
    },
    response:
      response === null
        ? null
        : {
            ...response,
            headers: headers("elasticsearch"),
            ...(given === undefined ? {} : { given: { ...given, headers: headers("given") } }),
          },
  };
}

// The client is named by a header: where that goes, so does the name.
function clientOf(client: string, clean: HeaderPairs, before: HeaderPairs, text: (value: string) => string): string {
  for (const name of ["x-opaque-id", "user-agent"]) {
    if (headerOf(before, name) === client && client !== "") return headerOf(clean, name);
  }
  return text(client);
}

/** null for what is no text, or not whole. */
function textOf({ decoded }: KeptBody): string | null {
  if (!isText(decoded)) return null;
  const text = Buffer.from(decoded.buffer, decoded.byteOffset, decoded.byteLength).toString("utf8");
  return Buffer.byteLength(text) === decoded.byteLength ? text : null;
}
