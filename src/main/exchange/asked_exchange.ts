// A search that the engine asked by itself, as if it had come by the proxy: so that it is judged like any other.
import type { PassedRequest } from "../elasticsearch/pass_on.ts";
import type { TappedExchange } from "../proxy/tap.ts";

/** `id`: of the exchange that it is asked for; 0 for none. `time`: when it was asked, epoch ms. The answer ended just now, decoded. */
export function askedExchange(
  id: number,
  time: number,
  { method, target, headers, body }: PassedRequest,
  answer: { readonly status: number; readonly body: Uint8Array },
): TappedExchange {
  const common = { version: "1.1", truncated: false };
  return {
    id,
    time,
    request: { ...common, method, target, headers, body, bodyBytes: body.byteLength },
    response: { ...common, status: answer.status, reason: "", headers: [], body: answer.body, bodyBytes: answer.body.byteLength },
    phases: { lastByte: performance.timeOrigin + performance.now() - time },
    error: "",
  };
}
