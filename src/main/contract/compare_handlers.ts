// The contract's handlers of Compare: what the session sums up, with the titles of dashboards and panels, and why searches differ.
import { setTimeout as sleep } from "node:timers/promises";
import type { CompareAnswer, CompareBy } from "../../shared/compare.ts";
import type { RequestName } from "../../shared/contract.ts";
import { parseObject, printJson } from "../../shared/json.ts";
import { panelId, SavedTitles, savedObjectsQuery } from "../capture/compare/saved_titles.ts";
import { compileFilter } from "../capture/index.ts";
import type { Session } from "../capture/session.ts";
import type { Filter } from "../capture/types.ts";
import type { ElasticsearchAnswer, PassedRequest } from "../elasticsearch/pass_on.ts";
import { type CauseSource, causesOf } from "../explain/causes.ts";
import { filterOf, missing } from "./capture_handlers.ts";
import type { ExplainExchange } from "./explain_handlers.ts";
import { ContractFailure, type Handlers } from "./handlers.ts";

/** Asks Elasticsearch for titles; null where there is nobody to ask. */
type Ask = (request: PassedRequest) => Promise<ElasticsearchAnswer> | null;

interface CompareSource {
  shown(): Session;
  readonly ask: Ask;
  readonly explain: ExplainExchange;
}

type CompareRequestName = Extract<RequestName, `compare.${string}`>;

const SAVED_OBJECTS = compileFilter('~index ".kibana*" & ~s');
const SEARCH = "/.kibana*/_search?ignore_unavailable=true&allow_no_indices=true&expand_wildcards=all&timeout=2s";
const MOST_LOOKED_AT = 50;
const LARGEST_ANSWER = 4 * 1024 * 1024;
const MOST_ASKED_FOR = 100;
const WAITED_FOR_MS = 1_000;
/** An id that nobody knew is asked for again after so long. */
const ASKED_AGAIN_MS = 60_000;

export function compareHandlers(source: CompareSource): Pick<Handlers, CompareRequestName> {
  const titles = new Titles(source.ask);
  return {
    "compare.groups": async (query, gone) => {
      const session = source.shown();
      return titles.entitle(session, await session.ask({ kind: "groups", query, ...quickFilter(query.filter) }, gone));
    },
    "compare.points": ({ filter, ...within }, gone) => source.shown().ask({ kind: "points", within, ...quickFilter(filter) }, gone),
    "compare.why": async ({ filter, ask = 0, again = false, ...within }, gone) => {
      const session = source.shown();
      const kinds = await session.ask({ kind: "differing", within, ...quickFilter(filter) }, gone);
      return causesOf(session).of(kinds, { ask, again }, causeSource(session, source.explain));
    },
  };
}

function quickFilter(text: string | undefined): { readonly filter?: Filter } {
  const compiled = filterOf(text);
  if (compiled.filter?.scans !== true) return compiled;
  throw new ContractFailure("bad_filter", "Searches can't be grouped by a filter that reads bodies or headers; use it in Traffic.");
}

/** What can't be explained of an exchange that is there, ever, is said in the place of its cause. */
const NEVER: readonly string[] = ["no_body", "not_differing"];

function causeSource(session: Session, explain: ExplainExchange): CauseSource {
  return {
    has: (exchange) => session.summary(exchange) !== null,
    explain: async (exchange, position) => {
      const detail = session.get(exchange) ?? missing(exchange);
      const searches = detail.searches.filter((one) => one.position === position);
      try {
        return await explain(session, { ...detail, searches });
      } catch (error) {
        if (!(error instanceof ContractFailure) || !NEVER.includes(error.code)) throw error;
        return { cause: "unknown", path: "", sentence: error.message };
      }
    },
  };
}

/** The id of the saved object, or of the place, that a group is of; "" where it is of none. */
function savedIdOf({ by, key }: { readonly by: CompareBy; readonly key: string }): string {
  return by === "dashboard" ? key : by === "panel" ? panelId(key) : "";
}

/** Titles as they went by, and for the rest as Elasticsearch has them. */
class Titles {
  readonly #ask: Ask;
  readonly #known = new SavedTitles();
  readonly #askedAt = new Map<string, number>();
  #session: Session | null = null;
  #lookedAt = 0;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  async entitle(session: Session, answer: CompareAnswer): Promise<CompareAnswer> {
    const named = answer.by === "dashboard" || answer.by === "panel" ? answer.groups.map(({ key }) => ({ by: answer.by, key })) : [];
    const ids = [...named, ...answer.within].map(savedIdOf).filter((id) => id !== "");
    if (ids.some((id) => this.#known.of(id) === "")) await this.#lookFor(session, ids);
    const entitled = <T extends { readonly key: string; readonly title: string }>(one: T, by: CompareBy): T => {
      const title = this.#known.of(savedIdOf({ by, key: one.key }));
      return title === "" ? one : { ...one, title };
    };
    return {
      ...answer,
      within: answer.within.map((crumb) => entitled(crumb, crumb.by)),
      groups: answer.groups.map((group) => entitled(group, answer.by)),
    };
  }

  async #lookFor(session: Session, ids: readonly string[]): Promise<void> {
    this.#lookThrough(session);
    const unknown = ids.filter((id) => this.#known.of(id) === "" && this.#mayAskFor(id)).slice(0, MOST_ASKED_FOR);
    if (unknown.length === 0) return;
    for (const id of unknown) this.#askedAt.set(id, Date.now());
    const body = Buffer.from(printJson(savedObjectsQuery(unknown)));
    const asked = this.#ask({ method: "POST", target: SEARCH, headers: [["content-type", "application/json"]], body });
    // Whoever is away, or does not let us read Kibana's index, leaves the ids to be shown; whoever is slow, till the next time.
    const learned = asked?.then((answer) => this.#learn(answer.body)).catch(() => {});
    await Promise.race([learned, sleep(WAITED_FOR_MS, undefined, { ref: false })]);
  }

  #mayAskFor(id: string): boolean {
    const asked = this.#askedAt.get(id);
    return asked === undefined || Date.now() - asked > ASKED_AGAIN_MS;
  }

  /** Reads the newest answers from Kibana's own index that were not read before. */
  #lookThrough(session: Session): void {
    if (session !== this.#session) this.#lookedAt = 0;
    this.#session = session;
    if (!SAVED_OBJECTS.ok) return;
    const { exchanges } = session.list({ filter: SAVED_OBJECTS.filter, limit: MOST_LOOKED_AT });
    for (const { id, responseBytes } of exchanges) {
      if (id > this.#lookedAt && responseBytes <= LARGEST_ANSWER) this.#learn(session.decodedBody(id, "elasticsearch"));
    }
    this.#lookedAt = Math.max(this.#lookedAt, exchanges[0]?.id ?? 0);
  }

  #learn(bytes: Uint8Array | null): void {
    if (bytes === null || bytes.byteLength > LARGEST_ANSWER) return;
    const answer = parseObject(Buffer.from(bytes).toString());
    if (answer !== null) this.#known.learn(answer);
  }
}
