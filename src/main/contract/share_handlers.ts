// The contract's handlers of what is handed on: shown before, written, fetched.
import { stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { RequestName } from "../../shared/contract.ts";
import type { ExchangeProfile } from "../../shared/exchange_profile.ts";
import type { JsonValue } from "../../shared/json.ts";
import type { ProfileInfo } from "../../shared/profiles.ts";
import { type RedactionChoices, SHARE_ENDINGS, type ShareOf, type SharePreview } from "../../shared/share.ts";
import type { Session } from "../capture/session.ts";
import type { ExchangeProfiles } from "../profile/exchange/exchange_profiles.ts";
import { readChoices } from "../share/choices.ts";
import { sharePreview } from "../share/preview.ts";
import { profilePage } from "../share/profile_page.ts";
import type { Shares } from "../share/shares.ts";
import { writeShared, writeWhole } from "../share/write_shared.ts";
import { filterOf } from "./capture_handlers.ts";
import { ContractFailure, type Handlers } from "./handlers.ts";
import type { SendRaw } from "./http_server.ts";

type ShareRequestName = Extract<RequestName, `share.${string}`>;

const TYPES = { html: "text/html; charset=utf-8", har: "application/json", session: "application/octet-stream" } as const;
const NO_PREVIEW: SharePreview = Object.freeze({
  ...{ exchanges: 0, bytes: 0, examined: 0, already: [], chosen: [], headers: [], parameters: [], fields: [], warnings: [] },
  example: null,
  tooLarge: "",
});

export interface ShareFrame {
  /** Folder of the built page. */
  readonly page: string;
  readonly version: string;
}

/** What is handed on, and where from. */
export interface ShareSource extends ShareFrame {
  readonly shares: Shares;
  shown(): Session;
  /** What the session is called. */
  name(): string;
  /** A kept profile as text. Throws ContractFailure. */
  readonly profile: (id: string) => Promise<{ readonly text: string; readonly info: ProfileInfo }>;
  readonly exchangeProfiles: Pick<ExchangeProfiles, "known" | "kept">;
}

export function shareHandlers(source: ShareSource): Pick<Handlers, ShareRequestName> {
  const { shares, page, version } = source;
  return {
    "share.preview": async ({ of, redact, example }) => {
      if (of.profile !== undefined) return { ...NO_PREVIEW, bytes: (await source.profile(of.profile)).text.length };
      const session = source.shown();
      return sharePreview(session, await idsOf(session, of), choicesOf(redact), example);
    },
    "share.write": async ({ of, format, redact, file, title, start }) => {
      if (file !== undefined && !isAbsolute(file)) throw new ContractFailure("bad_file", `"file" must be a whole path; "${file}" is not.`);
      const choices = choicesOf(redact);
      const target = file === undefined ? {} : { file };
      const { profile } = of;
      if (profile !== undefined) {
        if (format !== "html")
          throw new ContractFailure("bad_format", 'A profile is shared as "html"; its own formats are at /api/profiles/ID.');
        const { text, info } = await source.profile(profile);
        const pages = profilePage(text, info, { page, version, hosts: choices.hosts ?? false });
        return shares.start({ format, total: 1, ...target, write: (to, _each, signal) => writeWhole(to, pages, signal) });
      }
      const session = source.shown();
      const ids = await idsOf(session, of);
      if (ids.length === 0) throw new ContractFailure("nothing", "No exchange passes: there is nothing to share. Change the filter.", 409);
      return shares.start({
        format,
        total: ids.length,
        ...target,
        write: (to, each, signal) =>
          writeShared({
            source: session,
            ids,
            format,
            redact: choices,
            file: to,
            each,
            signal,
            page,
            version,
            title: title ?? source.name(),
            start: start ?? "traffic",
            profileOf: profileOf(source, session, new Set(ids.slice(-MOST_ASKED))),
          }),
      });
    },
    "share.state": () => shares.state,
    "share.stop": () => shares.stop(),
  };
}

/** ClickHouse is asked for its figures of so many exchanges, the newest. */
const MOST_ASKED = 20;

function profileOf({ exchangeProfiles }: ShareSource, session: Session, asked: ReadonlySet<number>) {
  return async (id: number): Promise<ExchangeProfile | null> => {
    const detail = session.get(id);
    if (detail === null) return null;
    return asked.has(id) ? exchangeProfiles.known(session, detail) : exchangeProfiles.kept(session, detail);
  };
}

/** The file that was made last. Throws ContractFailure. */
export async function sharedFile(shares: Shares): ReturnType<SendRaw> {
  const { state, file, format } = shares.state;
  if (state !== "done") throw new ContractFailure("no_share", "No file to share has been made, or it is not ready yet.", 404);
  return { type: TYPES[format], body: { path: file, bytes: (await stat(file)).size }, file: `parallax${SHARE_ENDINGS[format]}` };
}

async function idsOf(session: Session, { ids, filter, since, until }: ShareOf): Promise<readonly number[]> {
  if (ids !== undefined) return thoseThere(session, ids);
  const all: number[] = [];
  for await (const id of session.ids(filterOf(filter).filter)) {
    if (since !== undefined || until !== undefined) {
      const time = session.summary(id)?.time ?? 0;
      if (time < (since ?? 0) || time >= (until ?? Number.POSITIVE_INFINITY)) continue;
    }
    all.push(id);
  }
  return all;
}

/** Ids after which others get a turn. */
const LOOKED_UP_AT_ONCE = 500;

async function thoseThere(session: Session, ids: readonly number[]): Promise<readonly number[]> {
  const there: number[] = [];
  for (const [i, id] of [...new Set(ids)].toSorted((a, b) => a - b).entries()) {
    if (session.summary(id) !== null) there.push(id);
    if (i % LOOKED_UP_AT_ONCE === LOOKED_UP_AT_ONCE - 1) await turn();
  }
  return there;
}

function choicesOf(redact: unknown): RedactionChoices {
  // The contract's requests are JSON.
  const read = readChoices(redact as JsonValue | undefined);
  if (!read.ok) throw new ContractFailure("bad_request", `${read.problem}.`);
  return read.choices;
}
