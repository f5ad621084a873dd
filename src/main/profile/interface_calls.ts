// Calls of the debugging interface as the profiler sees them: one that asks for its own profile gets it in its response's stead.
import type { IncomingMessage, ServerResponse } from "node:http";
import { messageOf } from "../../shared/thrown.ts";
import { redactTarget } from "../capture/redaction.ts";
import { callFile, formatAsked, notAFormat, PROFILER_HEADER } from "./api.ts";
import { DiscardedResponse } from "./discarded_response.ts";
import type { Profiler } from "./profiler.ts";
import { ProfilerRefusal } from "./refusal.ts";

export interface Calls {
  /** Answers a call by `answer`, to whatever response that is given. Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse, answer: (response: ServerResponse) => Promise<void>): Promise<void>;
}

/** As much of the profiler as calls need. */
interface CallProfiler extends Pick<Profiler, "call"> {
  readonly everyCall: Pick<Profiler["everyCall"], "on" | "begin">;
}

/** Streams that end only when their reader leaves. */
const ENDLESS: readonly string[] = ["/api/events"];
/** The page and its parts are no calls. */
const API = /^\/(api|debug)\//;

export class InterfaceCalls implements Calls {
  readonly #profiler: CallProfiler;

  constructor(profiler: CallProfiler) {
    this.#profiler = profiler;
  }

  async handle(request: IncomingMessage, response: ServerResponse, answer: (response: ServerResponse) => Promise<void>): Promise<void> {
    const value = request.headers[PROFILER_HEADER];
    const { method = "GET", url: target = "/" } = request;
    const endless = ENDLESS.includes(target.split("?", 1)[0] ?? "");
    if (value === undefined) {
      if (this.#profiler.everyCall.on && API.test(target) && !endless) {
        response.on(
          "close",
          this.#profiler.everyCall.begin({ time: performance.timeOrigin + performance.now(), method, target, exchange: 0 }),
        );
      }
      return answer(response);
    }
    const format = formatAsked(String(value));
    if (format === null) return refuse(response, 400, "no_format", notAFormat(String(value)));
    if (endless) {
      return refuse(response, 400, "no_call", `${target} has no end, and so no profile. The call was not made.`);
    }
    const time = new Date();
    try {
      const { outcome: status, threads } = await this.#profiler.call(`${method} ${redactTarget(target)}`, async () => {
        const discarded = new DiscardedResponse(request);
        await answer(discarded);
        await discarded.over;
        return discarded.statusCode;
      });
      const { headers, body } = callFile({ time, method, target, exchange: 0, status }, format, threads);
      response.writeHead(200, Object.fromEntries([...headers, ["cache-control", "no-store"], ["content-length", String(body.byteLength)]]));
      response.end(body);
    } catch (error) {
      if (error instanceof ProfilerRefusal) return refuse(response, error.why === "busy" ? 409 : 503, "recording", error.message);
      refuse(response, 500, "internal", `The call was made, but its profile could not be: ${messageOf(error)}`);
    }
  }
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  const body = Buffer.from(JSON.stringify({ ok: false, error: { code, message } }));
  response.writeHead(status, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
}
