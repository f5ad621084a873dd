// One request, outside React: the answer, or a thrown refusal.
import type { AnswerOf, RequestName, RequestOf } from "../../shared/contract.ts";
import type { Transport } from "./transport.ts";

/** A refused request: `message` is a sentence for the person. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Asks once, until `gone` where nobody waits any more; throws EngineError. */
export async function ask<N extends RequestName>(
  transport: Transport,
  name: N,
  request: RequestOf<N>,
  gone?: AbortSignal,
): Promise<AnswerOf<N>> {
  const reply = await transport.call(name, request, gone);
  if (reply.ok) return reply.value;
  throw new EngineError(reply.error.code, reply.error.message);
}
