// The statistics processor: hears of every exchange, in every mode, and counts it by route, index, client and backend. Memory stays what it
// is, however many of each come.
import type { ExchangeKind, HeaderPairs } from "../../shared/exchange.ts";
import type { Statistics as Figures, NamedMeasure, RouteMeasure, Routes, Top } from "../../shared/statistics.ts";
import { isElsewhere, route } from "../elasticsearch/route.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import { Measuring } from "./measure.ts";
import { BUCKET_MS, OverTime } from "./over_time.ts";
import { routeName } from "./route_name.ts";
import { TopMeasures } from "./top.ts";

/** Names that are kept of each, and that are told of. */
const PLACES = { routes: 200, indices: 200, clients: 100 } as const;
const TOLD = 50;
const LONGEST_NAME = 200;
const NO_NAME = "(none)";

interface Named {
  readonly name: string;
}

interface NamedRoute extends Named {
  readonly matched: boolean;
  readonly kind: ExchangeKind;
}

/** An answer of ours names its source, or, where ClickHouse was forced and could not, only a verdict. */
function isAnsweredHere(headers: HeaderPairs): boolean {
  const source = headers.find(([name]) => name === "x-parallax-source")?.[1];
  return source === undefined ? headers.some(([name]) => name === "x-parallax-verdict") : source === "clickhouse";
}

export class Statistics {
  readonly #clock: () => number;
  #since: number;
  #total = new Measuring();
  #matched = 0;
  #unmatched = 0;
  #routes = new TopMeasures<NamedRoute>(PLACES.routes);
  #indices = new TopMeasures<Named>(PLACES.indices);
  #clients = new TopMeasures<Named>(PLACES.clients);
  #elasticsearch = new Measuring();
  #clickhouse = new Measuring();
  #inserts = new Measuring();
  #overTime = new OverTime();

  /** `clock`: epoch ms. */
  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
    this.#since = clock();
  }

  /** An exchange is over. */
  exchanged({ request, response, phases }: TappedExchange): void {
    if (isElsewhere(request.target)) return;
    const routed = route(request.method, request.target);
    const status = response?.status ?? 0;
    const answeredHere = response !== null && isAnsweredHere(response.headers);
    const ms = phases.lastByte ?? null;
    const matched = routed.kind !== "other";
    if (matched) this.#matched += 1;
    else this.#unmatched += 1;
    this.#total.add(status, ms);
    this.#routes.add({ name: routeName(request.method, request.target, routed), matched, kind: routed.kind }, status, ms);
    if (routed.index !== "") this.#indices.add({ name: routed.index.slice(0, LONGEST_NAME) }, status, ms);
    const agent = request.headers.find(([name]) => name.toLowerCase() === "user-agent")?.[1] ?? "";
    this.#clients.add({ name: agent.slice(0, LONGEST_NAME) || NO_NAME }, status, ms);
    if (!answeredHere) this.#elasticsearch.add(status, ms);
    this.#overTime.request(this.#clock(), status === 0 || status >= 500, answeredHere ? null : ms, status);
  }

  /** ClickHouse ran a search. */
  searched(ms: number, failed: boolean): void {
    this.#clickhouse.add(failed ? 0 : 200, ms);
    this.#overTime.clickhouse(this.#clock(), ms);
  }

  /** A write was handed to ClickHouse. */
  inserted(ms: number, failed: boolean): void {
    this.#inserts.add(failed ? 0 : 200, ms);
  }

  /** Begins anew. */
  clear(): void {
    this.#since = this.#clock();
    this.#total = new Measuring();
    this.#matched = 0;
    this.#unmatched = 0;
    this.#routes = new TopMeasures(PLACES.routes);
    this.#indices = new TopMeasures(PLACES.indices);
    this.#clients = new TopMeasures(PLACES.clients);
    this.#elasticsearch = new Measuring();
    this.#clickhouse = new Measuring();
    this.#inserts = new Measuring();
    this.#overTime = new OverTime();
  }

  routes(): Routes {
    const routes: Top<RouteMeasure> = this.#routes.read(PLACES.routes);
    return { matched: this.#matched, unmatched: this.#unmatched, routes };
  }

  read(): Figures {
    const indices: Top<NamedMeasure> = this.#indices.read(TOLD);
    return {
      since: this.#since,
      total: this.#total.read(),
      matched: this.#matched,
      unmatched: this.#unmatched,
      routes: this.#routes.read(TOLD),
      indices,
      clients: this.#clients.read(TOLD),
      backends: { elasticsearch: this.#elasticsearch.read(), clickhouse: this.#clickhouse.read(), inserts: this.#inserts.read() },
      overTime: { bucketMs: BUCKET_MS, buckets: this.#overTime.read(this.#clock()) },
    };
  }
}
