// The contract's handlers of what people do with captured exchanges: mark, send again, play, dump, export.
import type { RequestName } from "../../shared/contract.ts";
import { writeHar } from "../capture/har/write.ts";
import { compileFilter } from "../capture/index.ts";
import type { Session } from "../capture/session.ts";
import type { Filter } from "../capture/types.ts";
import { urlProblem } from "../config/url.ts";
import type { Engine } from "../engine.ts";
import { PipeRefusal } from "../pipes/job.ts";
import { sessionReplayJob } from "../pipes/session_replay_job.ts";
import { ContractFailure, type Handlers } from "./handlers.ts";
import { resend } from "./resend.ts";

type CaptureRequestName = Extract<RequestName, "exchange.pin" | "exchange.mark" | "exchange.resend" | "session.replay" | `dump.${string}`>;

const LONGEST_MARKER = 40;
/** Most times as fast as it came. */
export const FASTEST = 1_000;

export function captureHandlers(engine: Engine): Pick<Handlers, CaptureRequestName> {
  return {
    "exchange.pin": ({ id, pinned }) => {
      writable(engine).pin(id, pinned);
      return shownSession(engine).get(id) ?? missing(id);
    },
    "exchange.mark": ({ id, marker, comment }) => {
      if ((marker?.length ?? 0) > LONGEST_MARKER)
        throw new ContractFailure("bad_request", `A marker has at most ${LONGEST_MARKER} characters.`);
      writable(engine).mark(id, { ...(marker === undefined ? {} : { marker }), ...(comment === undefined ? {} : { comment }) });
      return shownSession(engine).summary(id) ?? missing(id);
    },
    "exchange.resend": async ({ id, ...edits }) => {
      await resend(engine, id, edits);
      return { sent: true };
    },
    "session.replay": ({ to, filter, speed }) => {
      const problem = to === undefined ? "" : urlProblem(to);
      if (problem !== "") throw new ContractFailure("bad_url", `"to" ${problem}`);
      const url = to ?? engine.endpoint.url;
      if (url === null) throw new ContractFailure("stopped", "The proxy is stopped; start it, or say where to play to.", 409);
      if ((speed ?? 1) > FASTEST) throw new ContractFailure("bad_request", `"speed" is at most ${FASTEST}; 0 is as fast as can be.`);
      const job = sessionReplayJob({
        session: shownSession(engine),
        ...filterOf(filter),
        url,
        speed: speed === 0 ? Number.POSITIVE_INFINITY : (speed ?? 1),
      });
      return engine.pipes.play(job).catch((error: unknown) => {
        if (error instanceof PipeRefusal) throw new ContractFailure("pipe_running", error.message, 409);
        throw error;
      });
    },
    "dump.get": () => engine.dump.info(),
    "dump.set": ({ on, filter }) => {
      engine.dump.set(on, filterOf(filter).filter ?? null);
      return engine.dump.info();
    },
  };
}

/** The HAR of `GET /api/har`. Throws ContractFailure. */
export function harOf(engine: Engine, query: URLSearchParams, version: string): AsyncIterable<string> {
  const redact = query.get("redact") !== "false";
  return writeHar(shownSession(engine), { ...filterOf(query.get("filter") ?? undefined), redact, version });
}

/** The session that the window shows. Throws ContractFailure. */
export function shownSession(engine: Engine): Session {
  const shown = engine.shown;
  if (shown === null) throw new ContractFailure("no_session", "No session is open yet; try again in a moment.", 503);
  return shown;
}

/** The same where it may be changed. Throws ContractFailure. */
export function writable(engine: Engine): Session {
  if (engine.sessionInfo().readOnly)
    throw new ContractFailure("read_only", "This session was opened from a file to look at; it can't be changed.", 409);
  return shownSession(engine);
}

export function missing(id: number): never {
  throw new ContractFailure("no_exchange", `There is no exchange ${id} in this session, or it has been cleared.`, 404);
}

/** Throws ContractFailure with the place of a mistake. */
export function filterOf(text: string | undefined): { readonly filter?: Filter } {
  if (text === undefined || text.trim() === "") return {};
  const result = compileFilter(text);
  if (result.ok) return { filter: result.filter };
  const { position, message } = result.error;
  throw new ContractFailure("bad_filter", `At position ${position + 1} of the filter: ${message}`);
}
