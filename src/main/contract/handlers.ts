// The engine's side of the contract: one handler a request, and the call that checks, runs and turns errors into values.
import type { AnswerOf, Reply, RequestName, RequestOf } from "../../shared/contract.ts";
import type { JsonValue } from "../../shared/json.ts";
import { messageOf } from "../../shared/thrown.ts";
import { isRequestName, problemOf } from "./validate.ts";

/** `gone` says that nobody waits for the answer any more: what is dear is not begun then. */
export type Handlers = {
  readonly [N in RequestName]: (request: RequestOf<N>, gone?: AbortSignal) => Promise<AnswerOf<N>> | AnswerOf<N>;
};

/** An expected failure of a handler: what happened, to what, what to do. */
export class ContractFailure extends Error {
  override readonly name = "ContractFailure";
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export interface CallResult {
  readonly status: number;
  readonly reply: Reply<unknown>;
}

/** Runs one request by name. Never throws: a bug becomes a 500 with its message. */
export async function callHandler(handlers: Handlers, name: string, request: JsonValue, gone?: AbortSignal): Promise<CallResult> {
  if (!isRequestName(name)) return failure(404, "unknown_request", `There is no request called ${JSON.stringify(name)}.`);
  const problem = problemOf(name, request);
  if (problem !== "") return failure(400, "bad_request", `${problem}.`);
  try {
    const handler: (request: never, gone?: AbortSignal) => unknown = handlers[name];
    // problemOf has just checked that `request` has the shape which this handler takes.
    return { status: 200, reply: { ok: true, value: await handler(request as never, gone) } };
  } catch (error) {
    if (error instanceof ContractFailure) return failure(error.status, error.code, error.message);
    return failure(500, "internal", messageOf(error));
  }
}

function failure(status: number, code: string, message: string): CallResult {
  return { status, reply: { ok: false, error: { code, message } } };
}
