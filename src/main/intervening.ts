// Rules, script and breakpoints beside an engine: joins them to the Elasticsearch, the journal and the exchanges of the workspace at hand.
import { join } from "node:path";
import type { RulesSettings } from "./config/rules.ts";
import type { Exchanges } from "./exchange/exchanges.ts";
import type { Journal } from "./journal/journal.ts";
import { type AskedRequest, PASSED_ON, type Reply, type Waiting } from "./proxy/answerer.ts";
import { JournalDesk } from "./proxy/journal_entry.ts";
import { Nodes } from "./proxy/nodes.ts";
import { COPY_LIMITS } from "./proxy/proxy_options.ts";
import type { Sieve } from "./proxy/sieve.ts";
import { WIRE_LIMITS } from "./proxy/site.ts";
import type { TlsTrust } from "./proxy/upstream.ts";
import type { Log } from "./report/log.ts";
import type { Backends } from "./rules/backends.ts";
import { forward } from "./rules/forward.ts";
import { Interventions } from "./rules/interventions.ts";

export interface InterveningOptions {
  readonly settings: RulesSettings;
  /** The data folder. */
  readonly data: string;
  readonly log: Log;
  /** Whether some indices are in tap mode. */
  readonly taps: () => boolean;
  readonly watchChanged: (sieve: Sieve | null) => void;
  readonly changed: () => void;
}

/** Where requests go from now on. */
export interface InterveningAt {
  readonly url: string;
  readonly trust: TlsTrust;
  readonly journal: Journal | null;
  readonly journalling: () => boolean;
  readonly exchanges: Exchanges;
  /** Requests that ClickHouse may be asked: a regular expression on `METHOD target`. */
  readonly asks: string;
  readonly clickhouse: (request: AskedRequest) => Promise<Reply>;
}

export class Intervening {
  readonly interventions: Interventions;
  #desk: JournalDesk | null = null;
  #at: (InterveningAt & { readonly nodes: Nodes; readonly backends: Backends }) | null = null;

  constructor({ settings, data, log, taps, watchChanged, changed }: InterveningOptions) {
    this.interventions = new Interventions({
      file: join(data, "rules.json"),
      rules: settings.rules,
      script: settings.script,
      scriptLimitMs: settings.scriptLimitMs,
      taps,
      watchChanged,
      changed,
      log: (message) => log.write("warn", message),
    });
  }

  enter(at: InterveningAt): void {
    const nodes = new Nodes(at.url, at.trust);
    if (at.journal !== null) this.#desk ??= deskOf(at.journal);
    const backends: Backends = {
      asks: new RegExp(at.asks),
      clickhouse: at.clickhouse,
      forward: (request, { id, time }, gone) => {
        const journal = at.journal === null ? null : this.#desk;
        if (journal !== null) journal.on = at.journalling();
        return forward(request, { upstream: nodes.current, name: nodes.name, journal, exchange: id, time, gone });
      },
      altered: (exchange, time, altered) => at.exchanges.altered(exchange, time, altered),
    };
    this.#at = { ...at, nodes, backends };
  }

  leave(): void {
    this.#at = null;
  }

  /** Requests go to the node at this place of the URLs. */
  prefer(place: number): void {
    this.#at?.nodes.prefer(place);
  }

  /** Never rejects. */
  answer(request: AskedRequest, waiting: Waiting): Promise<Reply> {
    const at = this.#at;
    if (at === null) return Promise.resolve(PASSED_ON);
    return request.watched ? this.interventions.handle(request, waiting, at.backends) : at.clickhouse(request);
  }

  /** A watched request went by, and why. */
  unwatched(exchange: number, why: string): void {
    const changes = [{ by: "rules", did: `nothing, for it was ${why}` }];
    this.#at?.exchanges.altered(exchange, 0, { changes, by: "wire", sent: null, answered: null, backend: null });
  }
}

function deskOf(journal: Journal): JournalDesk {
  return new JournalDesk({
    pattern: journal.writes,
    port: journal.connect(),
    on: true,
    bodyLimit: COPY_LIMITS.requestLimit,
    waitMs: WIRE_LIMITS.journalMs,
  });
}
