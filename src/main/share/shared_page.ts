// A session as one HTML file that needs no server: the page that was built for it, with the exchanges and answers in it.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setImmediate as turn } from "node:timers/promises";
import type { CompareWithin, WhyAnswer } from "../../shared/compare.ts";
import type { BodySide } from "../../shared/contract.ts";
import type { ExchangeDetail } from "../../shared/exchange.ts";
import type { ExchangeProfile } from "../../shared/exchange_profile.ts";
import { heldKey, LARGEST_PAGE, type SharedAnswers, type ShareStart } from "../../shared/share.ts";
import { messageOf } from "../../shared/thrown.ts";
import { isText } from "../capture/coding.ts";
import { SIDES } from "../capture/redact/kept.ts";
import type { Session } from "../capture/session.ts";
import { comparedAnswers } from "./compared.ts";

export class TooLarge extends Error {
  override readonly name = "TooLarge";
}

/** The exchanges of a page, and what is known of them beside. */
export interface PageSource {
  readonly session: Session;
  profileOf(detail: ExchangeDetail): Promise<ExchangeProfile>;
  whyOf(within: CompareWithin): Promise<WhyAnswer>;
}

export interface PageOptions {
  /** Folder of the built page. */
  readonly page: string;
  readonly title: string;
  readonly version: string;
  /** @default "traffic" */
  readonly start?: ShareStart;
  /** Further answers, by request. */
  readonly answers?: Readonly<Record<string, unknown>>;
}

const DATA = "<!--data-->";
const POLICY = "<!--policy-->";

/** The text of the page, in pieces. Throws TooLarge, and Error where the page is not built. */
export async function* sharedPage(
  source: PageSource | null,
  { page, title, version, start = "traffic", answers = {} }: PageOptions,
): AsyncGenerator<string> {
  const template = await readFile(`${page}/shared.html`, "utf8").catch((error: unknown) => {
    throw new Error(`The page of shared files is not built (npm run build:page): ${messageOf(error)}`);
  });
  // Scripts are those of the page and no other: whatever an exchange holds is no script.
  const scripts = [...template.matchAll(/<script type="module"[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? "");
  const hashes = scripts.map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  const policy = `default-src 'none'; script-src ${hashes.join(" ")}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  const [head = "", tail = ""] = parted(template, DATA);
  const [above = "", below = ""] = parted(head, POLICY);
  yield `${above}<meta http-equiv="Content-Security-Policy" content="${policy}">${below}`;
  const all: SharedAnswers = {
    title,
    created: new Date().toISOString(),
    version,
    start,
    answers: { ...answers, ...(source === null ? {} : await sessionAnswers(source)) },
  };
  yield block("shared", all);
  if (source !== null) yield* exchanges(source);
  yield tail;
}

async function* exchanges({ session, profileOf }: PageSource): AsyncGenerator<string> {
  let bytes = 0;
  for await (const id of session.ids()) {
    const detail = session.get(id);
    if (detail === null) continue;
    const bodies: Partial<Record<BodySide, { readonly text: string; readonly encoding: "utf8" | "base64" }>> = {};
    // ClickHouse's answers to searches are in the exchange, but for large ones.
    const inParts = detail.searches.length > 0 && detail.searches.every((part) => part.clickhouseBytes === undefined);
    for (const side of SIDES) {
      const body = side === "clickhouse" && inParts ? null : session.decodedBody(id, side);
      if (body === null) continue;
      const encoding = isText(body) ? "utf8" : "base64";
      bodies[side] = { text: Buffer.from(body).toString(encoding), encoding };
    }
    const text = block("exchange", { detail, bodies, profile: await profileOf(detail) });
    bytes += text.length;
    if (bytes > LARGEST_PAGE) throw new TooLarge(tooLargeMessage(bytes));
    yield text;
    await turn();
  }
}

/** What to do about more than a page holds. */
export function tooLargeMessage(bytes: number): string {
  const most = LARGEST_PAGE / 1024 / 1024;
  return `This is over ${Math.max(most, Math.floor(bytes / 1024 / 1024))} MB, and a page holds ${most} MB. Share fewer exchanges (filter, or choose some), leave out bodies, or share a session file.`;
}

async function sessionAnswers({ session, whyOf }: PageSource): Promise<Record<string, unknown>> {
  return {
    [heldKey("exchanges.timeline", { filter: "" })]: session.timeline(),
    ...(await comparedAnswers(session, whyOf)),
  };
}

/** In a script, text may hold anything but the end of that script. */
function block(name: string, value: unknown): string {
  return `<script type="application/json" data-of="${name}">${JSON.stringify(value).replaceAll("<", "\\u003c")}</script>\n`;
}

function parted(text: string, at: string): readonly [string, string] {
  const place = text.indexOf(at);
  if (place < 0) throw new Error(`The page of shared files has no place for ${at}.`);
  return [text.slice(0, place), text.slice(place + at.length)];
}
