// Answers requests from ClickHouse in Elasticsearch's stead: the proxy's Answerer. What can't be answered exactly passes to
// Elasticsearch with the reason in a header; a request that was forced on ClickHouse gets the reason as an error instead.
import type { Comparison, HeaderPairs, SearchPart } from "../../shared/exchange.ts";
import { messageOf } from "../../shared/thrown.ts";
import { decodeBody, UndecodableBody } from "../elasticsearch/body.ts";
import type { ElasticsearchAnswer, PassedRequest } from "../elasticsearch/pass_on.ts";
import { route } from "../elasticsearch/route.ts";
import { notMatched } from "../exchange/outcome.ts";
import type { Answerer, AskedRequest, Reply } from "../proxy/answerer.ts";
import { wantedCoding } from "../proxy/content_coding.ts";
import type { Log } from "../report/log.ts";
import type { Modes } from "../routing/index_modes.ts";
import { elsewhereOf } from "./elsewhere.ts";
import { unreadable } from "./media_types.ts";
import { contentType, headerOf, printAnswer, unprintable } from "./print.ts";
import { ownError, rejection } from "./rejection.ts";
import { ASKS, findEndpoint } from "./table.ts";
import { CLICKHOUSE, NONE, told } from "./told.ts";
import { type Backend, type Call, type Declined, declined, type Endpoint, type EndpointAnswer } from "./types.ts";
import { whose } from "./whose.ts";

/** What became of a request, for its exchange. */
export interface AnswerNote {
  readonly parts: readonly SearchPart[];
  readonly comparison: Comparison;
  /** From the question to the reply. */
  readonly ms: number;
  /** Positions of the searches that Elasticsearch answered, by the mode of their index: they are judged. */
  readonly judged?: ReadonlySet<number>;
  /** Elasticsearch can be asked the same in the shadow. @default false */
  readonly shadowed?: boolean;
}

export interface AnsweringOptions {
  readonly log: Log;
  /**
   * The backend of a request, once everything that was acknowledged before it is in; in words, why there is none. Where it is `forced`,
   * what waits in the journal is waited for too.
   */
  readonly backend: (now: number, forced: boolean) => Promise<{ readonly backend: Backend; readonly done: () => void } | string>;
  /** The modes of the indices that an expression means. Never rejects. */
  readonly modes: (expression: string, params: ReadonlyMap<string, string>) => Promise<Modes>;
  /** Whether clients are to have ClickHouse's answer where nothing else is said: then what passes says why. */
  readonly preferred: () => boolean;
  /** Asks Elasticsearch for its part of a request. Throws ElasticsearchAway. */
  readonly elsewhere: (request: PassedRequest) => Promise<ElasticsearchAnswer>;
  /** Told of every request that was answered, before the client has the answer. */
  readonly answered: (id: number, note: AnswerNote) => void;
  /** Told of those that go to Elasticsearch though they were ClickHouse's to answer, and why. */
  readonly passed: (id: number, reason: string) => void;
  /** Told when the first point in time, scroll or asynchronous search is opened here. */
  readonly opens: () => void;
  /** @default 30 s */
  readonly limitMs?: number;
}

const LIMIT_MS = 30_000;
const MOST_BYTES = 256 * 1024 * 1024;

export class Answering implements Answerer {
  readonly asks = ASKS;
  /** Something was opened here that later requests may name. */
  opened = false;
  readonly #options: AnsweringOptions;

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  async answer(request: AskedRequest): Promise<Reply> {
    const started = performance.now();
    const { outcome, theirs, shadowed } = await this.#outcome(request).catch((error: unknown): Outcome => {
      const message = messageOf(error);
      if (!(error instanceof UndecodableBody)) this.#options.log.write("error", "answering failed", { exchange: request.id, message });
      return this.#early(declined("failed", message));
    });
    const type = contentType(headerOf(request.headers, "accept"), headerOf(request.headers, "content-type"));
    const { params } = route(request.method, request.target);
    const ms = (): number => performance.now() - started;
    const refused = (own: Declined): Reply => {
      if (!request.forced && own.final !== true) return this.#passed(request, own);
      const { verdict, reason, parts = [] } = own;
      const unsupported = parts.flatMap((part) => part.comparison.unsupported);
      this.#options.answered(request.id, { parts, comparison: notMatched(verdict, reason, unsupported), ms: ms() });
      return refusal(own, type);
    };
    if (outcome.kind === "declined") return refused(outcome);
    const parts = outcome.parts ?? [];
    const status = outcome.kind === "rejected" ? outcome.error.status : outcome.status;
    const text = outcome.kind === "answered" && outcome.type === "text";
    const body = text
      ? Buffer.from(String(outcome.body), "utf8")
      : printAnswer(outcome.kind === "rejected" ? rejection(outcome.error, outcome.indices?.[0]) : outcome.body, params);
    if (body.byteLength > MOST_BYTES) {
      return refused(declined("failed", `too large: the answer has ${body.byteLength} bytes`));
    }
    const { comparison, source, verdict } = told(outcome, parts, theirs);
    const judged = source === CLICKHOUSE ? NONE : new Set(theirs.keys());
    this.#options.answered(request.id, { parts, comparison, ms: ms(), shadowed, judged });
    const headers: HeaderPairs = [
      ...named(request),
      ...ours(text ? "text/plain; charset=UTF-8" : type),
      ["x-parallax-source", source],
      ...(verdict === null ? [] : [["x-parallax-verdict", verdict] as const]),
    ];
    return { kind: "answer", status, headers, body, coding: wantedCoding(headerOf(request.headers, "accept-encoding")) };
  }

  #passed({ id }: AskedRequest, own: Declined): Reply {
    if (own.quiet === true) return { kind: "pass", headers: [] };
    this.#options.passed(id, own.reason);
    return pass(own);
  }

  #open(): void {
    if (this.opened) return;
    this.opened = true;
    this.#options.opens();
  }

  /** What is found out before it is known whose the request is: said aloud where ClickHouse is preferred. */
  #early(outcome: EndpointAnswer): Outcome {
    const quiet = !this.#options.preferred();
    return { ...NOTHING_OURS, outcome: outcome.kind === "declined" ? { ...outcome, quiet } : outcome };
  }

  async #outcome(request: AskedRequest): Promise<Outcome> {
    const found = findEndpoint(request.method, request.target);
    if (found === null) return this.#early(declined("unsupported", "this path is Elasticsearch's to answer"));
    const { endpoint, match } = found;
    const { params } = route(request.method, request.target);
    const accept = headerOf(request.headers, "accept");
    const now = Math.floor(request.time);
    const body = Buffer.from(decodeBody(request.headers, request.body)).toString("utf8");
    const elsewhere = request.forced ? null : elsewhereOf(request, this.#options.elsewhere);
    const base = { ...match, method: request.method, params, accept, body, now, theirs: new Map<number, string>(), elsewhere };
    const { forced } = request;
    const owner = await whose(endpoint, base, { modes: this.#options.modes, forced, preferred: this.#options.preferred() });
    if (owner.kind === "theirs") {
      return { ...NOTHING_OURS, outcome: { ...declined(owner.verdict, owner.reason), quiet: owner.quiet } };
    }
    const call = { ...base, theirs: owner.theirs };
    const form = unprintable(params, accept, match.endpoint === "_cat");
    const strange = unreadable(request.headers, request.body.byteLength, match.endpoint === "_msearch");
    const reason =
      form !== "" ? `answers in ${form} are Elasticsearch's to give` : strange === "" ? "" : `${strange} is Elasticsearch's to read`;
    const outcome = reason === "" ? await this.#answered(endpoint, call, forced) : declined("unsupported", reason);
    if (owner.held) return this.#early(outcome);
    if (outcome.kind === "answered" && (OPENING.has(match.endpoint) || params.has("scroll"))) this.#open();
    return { outcome, theirs: owner.theirs, shadowed: SHADOWED.has(match.endpoint) && !params.has("scroll") };
  }

  /** Within the limit. */
  #answered(endpoint: Endpoint, call: Call, forced: boolean): Promise<EndpointAnswer> {
    const limit = Promise.withResolvers<EndpointAnswer>();
    const limitMs = this.#options.limitMs ?? LIMIT_MS;
    const timer = setTimeout(() => limit.resolve(declined("failed", `too large: no answer within ${limitMs / 1000} s`)), limitMs);
    const answer = async (): Promise<EndpointAnswer> => {
      const ready = await this.#options.backend(call.now, forced);
      if (typeof ready === "string") return declined("not_compared", ready);
      try {
        return await endpoint.answer(call, ready.backend);
      } finally {
        ready.done();
      }
    };
    return Promise.race([answer(), limit.promise]).finally(() => clearTimeout(timer));
  }
}

interface Outcome {
  readonly outcome: EndpointAnswer;
  /** Positions of the searches or documents that are Elasticsearch's by the mode of their index. */
  readonly theirs: ReadonlyMap<number, string>;
  /** Elasticsearch can be asked the same. */
  readonly shadowed: boolean;
}

const NOTHING_OURS: Omit<Outcome, "outcome"> = Object.freeze({ theirs: new Map(), shadowed: false });

/** What is searched anew each time: Elasticsearch can be asked the same. */
const SHADOWED: ReadonlySet<string> = new Set(["_search", "_count", "_msearch", "_query", "_async_search"]);
/** What opens something that later requests name. */
const OPENING: ReadonlySet<string> = new Set(["_pit", "_async_search"]);
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
