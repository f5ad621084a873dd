// Profiles of exchanges: what is known of each at once, and what comes of asking its request once more to be profiled. Runs are kept in memory,
// the latest two of an exchange and a bounded number in all: they end with the process.
import type { ExchangeDetail } from "../../../shared/exchange.ts";
import type { ExchangeProfile, ProfileMember, ProfileRun } from "../../../shared/exchange_profile.ts";
import type { Session } from "../../capture/session.ts";
import { route } from "../../elasticsearch/route.ts";
import { endOf, phasesOf, wireOf } from "./phases.ts";
import { clickhousePart, type Server, statementsOf } from "./query_log.ts";
import { isSearch } from "./reask.ts";
import { profileRun, type RunBackends } from "./run.ts";

const RUNS_OF_ONE = 2;
const RUNS_IN_ALL = 24;

/** A request that can't be profiled: which of these, and why in words. */
export class ProfileRefusal extends Error {
  override readonly name = "ProfileRefusal";
  readonly code: "not_a_search" | "no_body" | "truncated" | "profiling";

  constructor(code: ProfileRefusal["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** What the exchange itself tells: its phases, and what went over the wire. */
export function recordedProfile(detail: ExchangeDetail): ExchangeProfile {
  const phases = phasesOf(detail);
  const { id, time } = detail;
  return { id, time, totalUs: endOf(phases), phases, wire: wireOf(detail), clickhouse: { state: "not asked" }, runs: [] };
}

export interface ProfileSources {
  /** null while there is no ClickHouse. */
  readonly clickhouse: () => Server | null;
  /** What a run asks; in words, why there is nothing. */
  readonly backends: () => RunBackends | string;
}

export class ExchangeProfiles {
  readonly #sources: ProfileSources;
  readonly #kept = new WeakMap<Session, Map<number, readonly ProfileRun[]>>();
  #running: number | null = null;

  constructor(sources: ProfileSources) {
    this.#sources = sources;
  }

  /** What is known at once. */
  async known(session: Session, detail: ExchangeDetail): Promise<ExchangeProfile> {
    const kept = this.kept(session, detail);
    const { time, phases } = kept;
    return { ...kept, clickhouse: await clickhousePart(this.#sources.clickhouse(), statementsOf(detail.searches), { time, phases }) };
  }

  /** What is known without asking anybody. */
  kept(session: Session, detail: ExchangeDetail): ExchangeProfile {
    return { ...recordedProfile(detail), runs: this.#runsOf(session).get(detail.id) ?? [] };
  }

  /** Asks the request once more. Throws ProfileRefusal; what can't be had of the rest is said in its part. */
  async record(session: Session, detail: ExchangeDetail, members: ReadonlySet<ProfileMember>): Promise<ExchangeProfile> {
    const { id, method, path } = detail;
    if (!isSearch(route(method, path)))
      throw new ProfileRefusal("not_a_search", `Exchange ${id} is no search: only searches are profiled.`);
    if (detail.request.truncated) {
      throw new ProfileRefusal("truncated", `The request of exchange ${id} was longer than the capture limit and can't be asked again.`);
    }
    const body = session.rawBody(id, "request");
    if (body === null && detail.requestBytes > 0) throw new ProfileRefusal("no_body", `The body of exchange ${id} is not kept any more.`);
    if (this.#running !== null) {
      throw new ProfileRefusal("profiling", `Exchange ${this.#running} is being profiled; try again when that is done.`);
    }
    this.#running = id;
    try {
      const given = session.decodedBody(id, "elasticsearch");
      const recorded = { id, method, path, headers: detail.request.headers, body: body ?? new Uint8Array() };
      const before = this.#runsOf(session).get(id) ?? [];
      const asked = { recorded, given: given === null ? null : { status: detail.status, body: given }, run: (before[0]?.run ?? 0) + 1 };
      this.#keep(session, id, [await profileRun(asked, members, this.#sources.backends()), ...before].slice(0, RUNS_OF_ONE));
      return await this.known(session, detail);
    } finally {
      this.#running = null;
    }
  }

  #runsOf(session: Session): Map<number, readonly ProfileRun[]> {
    const runs = this.#kept.get(session) ?? new Map<number, readonly ProfileRun[]>();
    this.#kept.set(session, runs);
    return runs;
  }

  // The exchange that was profiled the longest ago goes first.
  #keep(session: Session, id: number, runs: readonly ProfileRun[]): void {
    const kept = this.#runsOf(session);
    kept.delete(id);
    kept.set(id, runs);
    for (const [oldest] of kept) {
      if ([...kept.values()].reduce((sum, { length }) => sum + length, 0) <= RUNS_IN_ALL) return;
      kept.delete(oldest);
    }
  }
}
