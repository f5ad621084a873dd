// Answers requests from ClickHouse in Elasticsearch's stead: the proxy's Answerer. What can't be answered exactly passes to
// Elasticsearch with the reason in a header; a request that was forced on ClickHouse gets the reason as an error instead.
import type { Comparison, HeaderPairs, SearchPart } from "../../shared/exchange.ts";
import { messageOf } from "../../shared/thrown.ts";
import { decodeBody, UndecodableBody } from "../elasticsearch/body.ts";
import { route } from "../elasticsearch/route.ts";
import { notMatched } from "../exchange/outcome.ts";
import type { Answerer, AskedRequest, Reply } from "../proxy/answerer.ts";
import type { Log } from "../report/log.ts";
import { unreadable } from "./media_types.ts";
import { contentType, headerOf, printAnswer, unprintable } from "./print.ts";
import { ownError, rejection } from "./rejection.ts";
import { ANSWERED_ALONE } from "./search.ts";
import { ASKS, findEndpoint } from "./table.ts";
import { type Backend, type Declined, declined, type EndpointAnswer } from "./types.ts";

/** What became of a request, for its exchange. */
export interface AnswerNote {
  readonly parts: readonly SearchPart[];
  readonly comparison: Comparison;
  /** From the question to the reply. */
  readonly ms: number;
}

export interface AnsweringOptions {
  readonly log: Log;
  /**
   * The backend of a request, once everything that was acknowledged before it is in; in words, why there is none. Where it is `forced`,
   * what waits in the journal is waited for too.
   */
  readonly backend: (now: number, forced: boolean) => Promise<{ readonly backend: Backend; readonly done: () => void } | string>;
  /** Told of every request that was answered, before the client has the answer. */
  readonly answered: (id: number, note: AnswerNote) => void;
  /** @default 30 s */
  readonly limitMs?: number;
}

const LIMIT_MS = 30_000;
const MOST_BYTES = 256 * 1024 * 1024;

export class Answering implements Answerer {
  readonly asks = ASKS;
  readonly #options: AnsweringOptions;

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  async answer(request: AskedRequest): Promise<Reply> {
    const started = performance.now();
    const outcome = await this.#outcome(request).catch((error: unknown): Declined => {
      const message = messageOf(error);
      if (!(error instanceof UndecodableBody)) this.#options.log.write("error", "answering failed", { exchange: request.id, message });
      return declined("failed", message);
    });
    const type = contentType(headerOf(request.headers, "accept"), headerOf(request.headers, "content-type"));
    const params = route(request.method, request.target).params;
    const refused = (own: Declined): Reply => {
      if (!request.forced && own.final !== true) return pass(own);
      const { verdict, reason } = own;
      const comparison = notMatched(
        verdict,
        reason,
        own.parts?.flatMap((part) => part.comparison.unsupported),
      );
      this.#options.answered(request.id, { parts: own.parts ?? [], comparison, ms: performance.now() - started });
      return refusal(own, type);
    };
    if (outcome.kind === "declined") return refused(outcome);
    const parts = outcome.parts ?? [];
    const status = outcome.kind === "rejected" ? outcome.error.status : outcome.status;
    const body =
      outcome.kind === "answered" && outcome.type === "text"
        ? Buffer.from(String(outcome.body), "utf8")
        : printAnswer(outcome.kind === "rejected" ? rejection(outcome.error, outcome.indices?.[0]) : outcome.body, params);
    if (body.byteLength > MOST_BYTES) {
      return refused(declined("failed", `too large: the answer has ${body.byteLength} bytes`));
    }
    const reason = outcome.kind === "rejected" ? `${ANSWERED_ALONE}: refused, ${outcome.error.errorType}` : ANSWERED_ALONE;
    this.#options.answered(request.id, { parts, comparison: notMatched("not_compared", reason), ms: performance.now() - started });
    const shown = outcome.kind === "answered" && outcome.type === "text" ? "text/plain; charset=UTF-8" : type;
    const headers: HeaderPairs = [...named(request), ...ours(shown), ["x-parallax-source", "clickhouse"]];
    return { kind: "answer", status, headers, body };
  }

  async #outcome(request: AskedRequest): Promise<EndpointAnswer> {
    const found = findEndpoint(request.method, request.target);
    if (found === null) return declined("unsupported", "this path is Elasticsearch's to answer");
    const { params } = route(request.method, request.target);
    const accept = headerOf(request.headers, "accept");
    const form = unprintable(params, accept, found.match.endpoint === "_cat");
    if (form !== "") return declined("unsupported", `answers in ${form} are Elasticsearch's to give`);
    const strange = unreadable(request.headers, request.body.byteLength, found.match.endpoint === "_msearch");
    if (strange !== "") return declined("unsupported", `${strange} is Elasticsearch's to read`);
    const body = Buffer.from(decodeBody(request.headers, request.body)).toString("utf8");
    const limit = Promise.withResolvers<EndpointAnswer>();
    const limitMs = this.#options.limitMs ?? LIMIT_MS;
    const timer = setTimeout(() => limit.resolve(declined("failed", `too large: no answer within ${limitMs / 1000} s`)), limitMs);
    const now = Math.floor(request.time);
    const answer = async (): Promise<EndpointAnswer> => {
      const ready = await this.#options.backend(now, request.forced);
      if (typeof ready === "string") return declined("not_compared", ready);
      try {
        return await found.endpoint.answer({ ...found.match, method: request.method, params, accept, body, now }, ready.backend);
      } finally {
        ready.done();
      }
    };
    return Promise.race([answer(), limit.promise]).finally(() => clearTimeout(timer));
  }
}

/** The client's own name of the request, which Elasticsearch gives back. */
function named({ headers }: AskedRequest): HeaderPairs {
  const opaque = headerOf(headers, "x-opaque-id");
  return opaque === "" ? [] : [["X-Opaque-Id", opaque]];
}

function ours(type: string): HeaderPairs {
  return [
    ["X-elastic-product", "Elasticsearch"],
    ["content-type", type],
  ];
}

function pass({ verdict }: Declined): Reply {
  return {
    kind: "pass",
    headers: [
      ["x-parallax-source", "elasticsearch"],
      ["x-parallax-verdict", verdict],
    ],
  };
}

const STATUS: Readonly<Record<Declined["verdict"], number>> = { unsupported: 501, not_compared: 503, failed: 503 };
const TYPE: Readonly<Record<Declined["verdict"], string>> = {
  unsupported: "unsupported_operation_exception",
  not_compared: "unavailable_exception",
  failed: "unavailable_exception",
};

function refusal({ verdict, reason }: Declined, type: string): Reply {
  const status = STATUS[verdict];
  const headers: HeaderPairs = [...ours(type), ["x-parallax-verdict", verdict]];
  const body = Buffer.from(printAnswer(ownError(status, TYPE[verdict], reason), new Map()));
  return { kind: "answer", status, headers, body };
}
