// Hears of every exchange and counts what Kibana asks, so that its connection can be seen to come about. Memory stays what it is.
import { KIBANA_SIGNS, type KibanaSeen, type KibanaSeenSign, type KibanaSign } from "../../shared/kibana.ts";
import { isElsewhere } from "../elasticsearch/route.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import { isKibana, kibanaVersion, signOf } from "./kibana_sign.ts";

const LONGEST_EXAMPLE = 120;

interface Count {
  count: number;
  refused: number;
  first: number;
  last: number;
  example: string;
}

export class KibanaWatch {
  /** Told of each exchange of Kibana's that was counted, and when all are forgotten. */
  changed: () => void = () => {};
  readonly #counts = new Map<KibanaSign, Count>();
  #version: string | null = null;
  #unauthorized = 0;
  #forbidden = 0;
  #unanswered = 0;

  /** An exchange is over. */
  exchanged({ request, response, time }: TappedExchange): void {
    const { method, target, headers } = request;
    if (isElsewhere(target) || !isKibana(headers)) return;
    this.#version = kibanaVersion(headers) ?? this.#version;
    const status = response?.status ?? 0;
    if (status === 401) this.#unauthorized += 1;
    if (status === 403) this.#forbidden += 1;
    if (response === null) this.#unanswered += 1;
    const sign = signOf(method, target, headers);
    const before = this.#counts.get(sign);
    this.#counts.set(sign, {
      count: (before?.count ?? 0) + 1,
      refused: (before?.refused ?? 0) + (isRefused(status) ? 1 : 0),
      first: before?.first ?? time,
      last: Math.max(before?.last ?? 0, time),
      example: `${method} ${target.split("?", 1)[0] ?? ""}`.slice(0, LONGEST_EXAMPLE),
    });
    this.changed();
  }

  /** Another Elasticsearch, or another session: nothing was seen yet. */
  clear(): void {
    this.#counts.clear();
    this.#version = null;
    this.#unauthorized = 0;
    this.#forbidden = 0;
    this.#unanswered = 0;
    this.changed();
  }

  get seen(): KibanaSeen {
    return {
      version: this.#version,
      signs: KIBANA_SIGNS.map((sign) => told(sign, this.#counts.get(sign))),
      unauthorized: this.#unauthorized,
      forbidden: this.#forbidden,
      unanswered: this.#unanswered,
    };
  }
}

/** A 404 is an answer: Kibana asks for what may not be there. */
function isRefused(status: number): boolean {
  return status === 0 || (status >= 400 && status !== 404 && status !== 409);
}

function told(sign: KibanaSign, count: Count | undefined): KibanaSeenSign {
  if (count === undefined) return { sign, count: 0, refused: 0, first: null, last: null, example: "" };
  const { first, last } = count;
  return { ...count, sign, first: new Date(first).toISOString(), last: new Date(last).toISOString() };
}
