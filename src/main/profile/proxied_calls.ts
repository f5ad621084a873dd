// Requests through the proxy that ask for their own profile: each is sent to the endpoint again, goes its way there as any does, and its
// profile takes the place of its answer.
import { messageOf } from "../../shared/thrown.ts";
import { printAnswer } from "../answer/print.ts";
import { ownError } from "../answer/rejection.ts";
import { redactTarget } from "../capture/redaction.ts";
import type { AskedRequest, Reply, Waiting } from "../proxy/answerer.ts";
import type { Proxy as Endpoint } from "../proxy/reverse.ts";
import { callFile, formatAsked, notAFormat, PROFILER_HEADER } from "./api.ts";
import type { Profiler } from "./profiler.ts";
import { ProfilerRefusal } from "./refusal.ts";
import { repeat } from "./repeat.ts";
import type { Settling } from "./settling.ts";

/** How long a profile waits, after the answer, for what is still to be done: mirroring, translating, running and matching. */
const SETTLED_WITHIN_MS = 10_000;

export interface ProxiedCallsOptions {
  readonly profiler: Pick<Profiler, "call">;
  readonly settling: Settling;
  /** null while none listens. */
  readonly proxy: () => Pick<Endpoint, "port" | "repeat"> | null;
}

export class ProxiedCalls {
  readonly #options: ProxiedCallsOptions;

  constructor(options: ProxiedCallsOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async answer(request: AskedRequest, waiting: Waiting): Promise<Reply> {
    const value = request.headers.find(([name]) => name.toLowerCase() === PROFILER_HEADER)?.[1] ?? "";
    const format = formatAsked(value);
    if (format === null) return refusal(400, "illegal_argument_exception", notAFormat(value));
    const proxy = this.#options.proxy();
    if (proxy === null) return refusal(503, "status_exception", "The proxy does not listen any more. The call was not made.");
    waiting.take();
    const { method, target, id: exchange } = request;
    try {
      const time = new Date(request.time);
      const { outcome: status, threads } = await this.#options.profiler.call(`${method} ${redactTarget(target)}`, () =>
        this.#run(request, waiting, proxy),
      );
      return { kind: "answer", status: 200, ...callFile({ time, method, target, exchange, status }, format, threads) };
    } catch (error) {
      if (error instanceof ProfilerRefusal) return refusal(error.why === "busy" ? 409 : 503, "status_exception", error.message);
      return refusal(500, "status_exception", `The call was made, but its profile could not be: ${messageOf(error)}`);
    }
  }

  async #run(request: AskedRequest, { gone }: Waiting, proxy: Pick<Endpoint, "port" | "repeat">): Promise<number> {
    const settled = request.id === 0 ? null : this.#options.settling.of(request.id);
    try {
      const announce = (port: number, ends: boolean): Promise<void> => proxy.repeat(port, ends ? null : request.id);
      const status = await repeat(request, { port: proxy.port, announce, gone });
      await settled?.within(SETTLED_WITHIN_MS);
      return status;
    } finally {
      settled?.forget();
    }
  }
}

function refusal(status: number, type: string, reason: string): Reply {
  return {
    kind: "answer",
    status,
    headers: [["content-type", "application/json"]],
    body: printAnswer(ownError(status, type, reason), new Map()),
  };
}
