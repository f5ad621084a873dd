// A session as a HAR, in pieces: an exchange is read when the one before it has gone out, so that a million take no more memory than one.
import type { ExchangeDetail } from "../../../shared/exchange.ts";
import { redactedExchange } from "../redact/exchange.ts";
import { type KeptExchange, keptExchange, SIDES } from "../redact/kept.ts";
import { redactionRules } from "../redact/rules.ts";
import type { Session } from "../session.ts";
import type { Filter } from "../types.ts";
import { type Bodies, entryOf } from "./entry.ts";

export interface HarOptions {
  readonly filter?: Filter;
  /** False: secrets are left in. @default true */
  readonly redact?: boolean;
  /** Version of Parallax. */
  readonly version: string;
}

const GATHERED = 64 * 1024;

/** The text of the HAR, oldest exchange first. */
export async function* writeHar(session: Session, { filter, redact = true, version }: HarOptions): AsyncGenerator<string> {
  const creator = { name: "Parallax", version };
  let text = `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"entries":[`;
  let separator = "\n";
  for await (const id of session.ids(filter)) {
    const kept = keptExchange(session, id);
    if (kept === null) continue;
    const { detail, bodies } = redact ? handedOn(kept) : { detail: kept.detail, bodies: bodiesOf(kept) };
    text += `${separator}${JSON.stringify(entryOf(detail, bodies))}`;
    separator = ",\n";
    if (text.length < GATHERED) continue;
    yield text;
    text = "";
  }
  yield `${text}\n]}}\n`;
}

const RULES = redactionRules({});

/** Without what no file ever holds. */
function handedOn(kept: KeptExchange): { readonly detail: ExchangeDetail; readonly bodies: Bodies } {
  const { detail, bodies } = redactedExchange(kept, RULES);
  const sides = SIDES.flatMap((side) => {
    const [body, made] = [kept.bodies[side], bodies[side]];
    if (body === undefined || made === undefined) return [];
    return [[side, made === body.raw ? body : { raw: made, decoded: made }] as const];
  });
  return { detail, bodies: bodiesOf({ detail, bodies: Object.fromEntries(sides) }) };
}

function bodiesOf({ bodies }: KeptExchange): Bodies {
  return {
    request: bodies.request?.raw ?? null,
    elasticsearch: bodies.elasticsearch?.decoded ?? null,
    clickhouse: bodies.clickhouse?.decoded ?? null,
    sent: bodies.sent?.raw ?? null,
    given: bodies.given?.raw ?? null,
  };
}
